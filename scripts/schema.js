// Writes schemas/experiment.schema.json from the compiled catalogues: npm run build && node scripts/schema.js
import { writeFile } from 'node:fs/promises';

import { editorSchemaText } from '../dist/experiment/editor-schema.js';

await writeFile(new URL('../schemas/experiment.schema.json', import.meta.url), editorSchemaText());

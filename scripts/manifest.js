/** Writes oclif.manifest.json, from which `--help` knows all commands without loading one. Run by `npm run build`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Plugin, settings } from '@oclif/core';

settings.enableAutoTranspile = false;
const root = fileURLToPath(new URL('..', import.meta.url));
const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
writeFileSync(
  new URL('../oclif.manifest.json', import.meta.url),
  `${JSON.stringify(plugin.manifest, null, 2)}\n`,
);

#!/usr/bin/env node
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../dist/commands', import.meta.url))) {
  process.stderr.write('patchnas is not built yet\n  Run: npm run build\n');
  process.exit(2);
}
const { execute, settings } = await import('@oclif/core');
settings.enableAutoTranspile = false; // compiled code always, also where NODE_ENV says development
await execute({ dir: import.meta.url });

import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../../package.json') as { version: string };

/** This program's version, from its package.json. */
export const version: string = manifest.version;

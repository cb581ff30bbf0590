import { relative } from 'node:path';

import { Document, isScalar, visit } from 'yaml';

import { changePaths } from './paths.js';
import type { Experiment } from './schema.js';

/**
 * An experiment as a YAML text with every default written out, in the order of the schema: an experiment file that
 * gives the same experiment again.
 * @param folder where the text will stand; paths of files are written relative to it
 */
export function resolvedYaml(experiment: Experiment, folder: string): string {
  const written = structuredClone(experiment);
  changePaths(written, (path) => relative(folder, path).replaceAll('\\', '/') || '.');
  const document = new Document(written, { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

import { format } from 'prettier';

import { catalogues, type CatalogueName, type Declaration } from '../../../src/experiment/catalogues.js';
import { expected, type SchemaNode } from '../../../src/experiment/expected.js';
import { experimentSchema } from '../../../src/experiment/schema.js';

/** Defaults that stand in the paper; all others are choices of this project, which `docs/method.md` explains. */
export const fromPaper: readonly string[] = [
  'repeats',
  'dataset.trainSubset',
  'noise.types',
  'noise.severities',
  'noise.images',
  'split.unlabeled',
  'split.failures',
  'gate.stage',
  'search.tasks',
  'search.nodes',
  'search.candidates',
];

const head = `<!-- Written by \`npm run test:update\` from the schema; do not edit. -->

# The experiment file

An experiment is a YAML file. This is the smallest one:

\`\`\`yaml
# yaml-language-server: $schema=../schemas/experiment.schema.json
name: my-experiment
dataset: { name: cifar10 }
network: { name: allconvnet, weights: my-network.safetensors }
\`\`\`

Everything else has a default. With the first line editors complete and check the file as it is typed;
\`patchnas validate FILE\` reports every problem with its line and column, and with \`--json\` prints the experiment with
every default filled in. Unknown keys are refused. Paths are relative to the file. \`patchnas list\` shows the entries of
each catalogue.

Any value can be laid over the one of the file: \`--set gate.sigma=1.9\`, \`--set "noise.types=[fog]"\`. It is typed and
checked as if it stood in the file.

In the last column, _paper_ marks defaults that the PatchNAS paper gives; _ours_ are choices of this project, for the
reasons in [method.md](method.md).
`;

interface Node extends SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
}
type Nodes = Readonly<Record<string, Node>>;

/** One key of the experiment file. */
export interface Key {
  readonly path: string;
  /** The entry that it is a parameter of; undefined for keys that stand beside every entry. */
  readonly entry?: string;
  readonly node: Node;
  readonly isRequired: boolean;
}

/** `docs/experiment-file.md`: every key of the schema with its meaning, values, default and where that is from. */
export function experimentPage(): Promise<string> {
  const { properties, required } = experimentSchema as unknown as SchemaNode & { required: string[] };
  const top = Object.entries(properties as Nodes);
  const keys = top.map(([path, node]) => ({ path, node, isRequired: required.includes(path) }));
  const sections = top
    .map(([path, node]) => ({ path, node, keys: keysBelow(path, node) }))
    .filter((section) => section.keys.length > 0);
  const parts = [
    head,
    `## Top level\n\n${table(keys)}`,
    ...sections.map(
      ({ path, node, keys }) => `## \`${path}\`\n\n${node.description ?? ''}\n\n${table(keys)}`,
    ),
  ];
  return format(parts.join('\n'), { parser: 'markdown' });
}

/** Every key of the experiment file. */
export function allKeys(): Key[] {
  return keysBelow('', experimentSchema as unknown as SchemaNode);
}

/** All keys below a node, in the order of the schema. */
function keysBelow(path: string, node: SchemaNode & { readonly required?: readonly string[] }): Key[] {
  if (node.oneOf) return keysOfChoice(path, node);
  return Object.entries((node.properties ?? {}) as Nodes).flatMap(([name, child]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const isRequired = node.required?.includes(name) ?? false;
    return [{ path: key, node: child, isRequired }, ...keysBelow(key, child)];
  });
}

/** The tag, what each entry has of its own, then what all of them share. */
function keysOfChoice(path: string, { oneOf = [], discriminator, ...node }: SchemaNode): Key[] {
  const tag = discriminator!.propertyName;
  const names = oneOf.map((branch) => String(branch.properties![tag]!.const));
  const catalogue = node['x-catalogue'] as CatalogueName | undefined;
  const entries: readonly Declaration[] = catalogue === undefined ? [] : catalogues[catalogue];
  const own =
    catalogue === undefined ? ownKeys(oneOf, tag) : entries.map(({ name, params }) => ({ name, ...params }));
  const parameters = own.flatMap(({ name, properties, required }) =>
    Object.entries(properties as Nodes).map(([key, child]) => ({
      path: `${path}.${key}`,
      entry: name,
      node: child,
      isRequired: child.default === undefined && (required?.includes(key) ?? false),
    })),
  );
  const taken = [`${path}.${tag}`, ...parameters.map((key) => key.path)];
  const shared = keysBelow(path, oneOf[0]!).filter((key) => !taken.includes(key.path));
  const which: Node = { 'x-expected': alternatives(names), description: 'Which one it is.' };
  return [{ path: `${path}.${tag}`, node: which, isRequired: true }, ...parameters, ...shared];
}

interface Branch {
  readonly name: string;
  readonly properties: object;
  readonly required?: readonly string[];
}

/** Of a choice that no catalogue makes: what not all branches have. */
function ownKeys(branches: readonly SchemaNode[], tag: string): Branch[] {
  return branches.map(({ properties = {}, ...branch }) => ({
    ...branch,
    name: String(properties[tag]!.const),
    properties: Object.fromEntries(
      Object.entries(properties).filter(([key]) => !branches.every((other) => other.properties?.[key])),
    ),
  }));
}

function table(keys: readonly Key[]): string {
  const rows = keys.map(({ path, entry, node, isRequired }) => {
    const of = entry === undefined ? '' : ` (${entry})`;
    const cells = [
      `\`${path}\`${of}`,
      node.description ?? '',
      values(node),
      ...standard(path, node, isRequired),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| key | meaning | value | default | from |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function values(node: Node): string {
  if (node.enum) return alternatives(node.enum);
  if (node.properties || node.oneOf) return node['x-expected'] ?? 'a mapping';
  return expected(node);
}

function alternatives(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** The default of a key and where it is from. */
function standard(path: string, node: Node, isRequired: boolean): [string, string] {
  if (isRequired) return ['must be written', ''];
  if (node.default === undefined) return ['none', ''];
  const isEmpty = JSON.stringify(node.default) === '{}';
  if (isEmpty) return [node.properties || node.oneOf ? 'as below' : 'none', ''];
  return [`\`${defaultText(node.default)}\``, fromPaper.includes(path) ? 'paper' : 'ours'];
}

/** As it would be written in the file. */
function defaultText(value: unknown): string {
  if (Array.isArray(value)) return value.length > 6 ? 'all' : `[${value.join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, item]) => `${key}: ${String(item)}`);
  return `{ ${fields.join(', ')} }`;
}

import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

/** Which room of src/ may import from which. Arrows point one way; a room that is not named may not be imported. */
const mayImport = {
  core: [],
  engine: ['core'],
  nn: ['engine', 'core'],
  networks: ['nn', 'engine', 'core'],
  noises: ['core'],
  tasks: ['core'],
  datasets: ['core'],
  baselines: ['networks', 'nn', 'engine', 'core'],
  repair: ['networks', 'nn', 'engine', 'core'],
  environment: ['baselines', 'networks', 'nn', 'engine', 'core'],
  report: ['core'],
  pipeline: ['core'],
  ui: ['core'],
  stages: [
    ...[
      'report',
      'repair',
      'environment',
      'baselines',
      'networks',
      'noises',
      'tasks',
      'datasets',
      'nn',
      'engine',
    ],
    ...['pipeline', 'core'],
  ],
  // Composes the schema from the catalogues and plans the stages; never opens an engine.
  experiment: [
    ...['stages', 'report', 'environment', 'baselines', 'networks', 'noises', 'tasks', 'datasets'],
    ...['pipeline', 'core'],
  ],
  commands: [...['experiment', 'stages', 'report', 'noises', 'datasets', 'engine', 'pipeline', 'ui', 'core']],
};
const rooms = Object.keys(mayImport);

/** There is one copy of TensorFlow, in the engine's own folder: everybody gets `tf` from the opened engine. */
const tensorflow = {
  group: ['@tensorflow/*'],
  allowTypeImports: true,
  message: 'Take `tf` from the opened engine (src/engine/engine.ts); only types may be imported.',
};

const directions = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const arrow = {
    regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
    message: `${room}/ may import from ${['itself', ...mayImport[room]].join(', ')} only (eslint.config.js).`,
  };
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: forbidden.length > 0 ? [arrow, tensorflow] : [tensorflow] },
      ],
    },
  };
});

const lazyImports = {
  selector: 'ImportExpression[source.value=/^\\.\\.\\u002F/]',
  message:
    'A lazy import stays in its room: the table of directions in eslint.config.js sees static ones only.',
};

/** Every draw comes from a named stream of core/rng.ts; in TensorFlow.js seed 0 means no seed. */
const foreignRandomness = [
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Draw from a named stream of core/rng.ts.',
  },
  ...['object.name', 'object.property.name'].map((tf) => ({
    selector: `MemberExpression[${tf}="tf"][property.name=/^(random.*|truncatedNormal|multinomial|dropout|initializers|layers|sequential|model)$/]`,
    message: 'Draw from a named stream of core/rng.ts; weights, dropout and shuffles too.',
  })),
];

/** Their last digit differs between versions of Node; pixels are the same bytes everywhere. */
const fractionalPowers = [
  {
    selector: 'MemberExpression[object.name="Math"][property.name="pow"]',
    message:
      'Math.pow differs between Node versions in the last digit: multiply, or use Math.exp and a table.',
  },
  {
    selector:
      'BinaryExpression[operator="**"]:not([right.raw=/^\\d+$/]), AssignmentExpression[operator="**="]:not([right.raw=/^\\d+$/])',
    message: '** differs between Node versions in the last digit unless its exponent is a whole number.',
  },
];

const nodeGlobals = Object.fromEntries(
  ['AbortController', 'Buffer', 'URL', 'console', 'process', 'setTimeout'].map((name) => [name, 'readonly']),
);

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'results/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Arrays are read in loops whose bounds hold; noUncheckedIndexedAccess makes each such place visible as `!`.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers and shapes print the way we want them; objects and undefined in a text stay errors.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowArray: true }],
      // `() => emit(…)` is how a callback is written.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An async method of an interface may have nothing to wait for; what it throws still becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      // Widths are counted in code points, which is what the spread of a text gives.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: nodeGlobals },
  },
  { files: ['src/**/*.ts'], rules: { 'no-console': 'error' } },
  ...directions,
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', lazyImports, ...foreignRandomness] },
  },
  {
    files: ['src/noises/**/*.ts', 'src/tasks/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', lazyImports, ...foreignRandomness, ...fractionalPowers],
    },
  },
  {
    // A stage, and whatever it calls, speaks by events; only the command line writes to the terminal.
    files: ['src/**/*.ts'],
    ignores: ['src/ui/**', 'src/commands/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'Emit an event; renderers in ui/ print.',
        })),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [tensorflow] }] },
  },
);

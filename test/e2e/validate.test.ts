import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { Rig } from '../support/rig.js';

const folder = 'test/golden/config-errors';
const good = `name: trial
dataset: { name: cifar10 }
network: { name: allconvnet, width: 0.25, pretrain: { epochs: 2 } }
noise: { types: [gaussian_noise, fog], environments: { both: [gaussian_noise, fog] } }
repeats: 1
`;

it.each([
  'unknown-key',
  'wrong-type',
  'unknown-noise',
  'severity-6',
  'empty-list',
  'tab-indentation',
  'duplicate-key',
  'sigma-quantile-out-of-range',
  'sigma-negative',
  'empty-file',
  'list-at-the-top',
  'unknown-network',
  'unknown-task',
  'negative-steps',
  'failures-0',
  'width-0',
  'second-document',
  'nan',
  'merge-key',
  'quoted-number',
  'unclosed-quote',
  'environment-member',
  'duplicate-methods',
  'not-utf-8',
  'many-at-once',
])('validate %s: its places, exit 2, no stack trace, nothing written', async (name) => {
  const rig = await Rig.open();
  await copyFile(`${folder}/${name}.yaml`, rig.path(`${name}.yaml`));
  const { code, stdout, stderr } = await rig.run(`validate ${name}.yaml`);
  const said = await readFile(`${folder}/${name}.txt`, 'utf8');
  expect(stderr).toBe(said.replaceAll(`${folder}/`, ''));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(await readdir(rig.folder)).toEqual([`${name}.yaml`]);
});

it('validate: a file that is not there', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await rig.run('validate gone.yaml');
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'gone.yaml  PN200 no such file\n  Check the path; it is looked up from the current folder.\n',
  });
});

it('validate: a good file, and flags that spoil it', async () => {
  const rig = await Rig.open();
  await rig.write({ 'good.yaml': good });
  expect(await rig.run('validate good.yaml')).toMatchObject({
    code: 0,
    stdout: 'good.yaml is valid: trial, 3 environments x 1 repeat x 4 methods\n',
    stderr: '',
  });
  expect(await rig.run('validate --set repeats=2 --set gate.sigma=1.9 good.yaml')).toMatchObject({
    code: 0,
    stdout: 'good.yaml is valid: trial, 3 environments x 2 repeats x 4 methods\n',
  });
  expect(await rig.run('validate good.yaml --set gate.sgima=1 --set repeats=many')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `--set  PN210 unknown key "sgima" in gate
    --set gate.sgima=1
               ~~~~~
  Did you mean "sigma"? Keys here: features, target, stage, sigma

--set  PN211 repeats must be a whole number from 1 to 100 but is the text "many"
    --set repeats=many
                  ~~~~
`,
  });
  expect(await readdir(rig.folder)).toEqual(['good.yaml']);
});

it('validate --json: the resolved experiment, or the diagnostics, and the same exit codes', async () => {
  const rig = await Rig.open();
  await rig.write({ 'good.yaml': good, 'wrong.yaml': `${good}seeds: 1\n` });
  const accepted = await rig.run('validate good.yaml --json');
  expect(accepted.code).toBe(0);
  expect(JSON.parse(accepted.stdout)).toMatchObject({ name: 'trial', gate: { sigma: { quantile: 0.95 } } });

  const refused = await rig.run('validate wrong.yaml --json');
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: {
      exitCode: 2,
      diagnostics: [{ code: 'PN210', file: 'wrong.yaml', line: 6, column: 1, length: 5 }],
    },
  });
});

it('validate and list load neither TensorFlow nor other large libraries', async () => {
  const rig = await Rig.open();
  await rig.write({ 'good.yaml': good });
  for (const line of ['validate good.yaml', 'list networks']) {
    const { code } = await rig.run(line, { env: { NODE_V8_COVERAGE: rig.path('coverage') } });
    expect(code).toBe(0);
  }
  const scripts: string[] = [];
  for (const file of await readdir(rig.path('coverage'))) {
    const { result } = JSON.parse(await rig.read(join('coverage', file))) as { result: { url: string }[] };
    scripts.push(...result.map(({ url }) => url));
  }
  expect(scripts.some((url) => url.endsWith('/dist/commands/validate.js'))).toBe(true);
  const large = /node_modules\/(@tensorflow|typebox|sharp|listr2|cli-table3|csv-stringify)\//;
  expect(scripts.filter((url) => large.test(url))).toEqual([]);
});

it.each(['networks', 'noises', 'tasks', 'methods', 'datasets'])('list %s', async (catalogue) => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await rig.run(`list ${catalogue}`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(await readFile(`test/golden/list-${catalogue}.txt`, 'utf8'));
});

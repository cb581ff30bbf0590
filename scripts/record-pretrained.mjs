/**
 * Records a network that an experiment trains under results/pretrained/: its weights and, beside them, how they came
 * about and how they score.
 *   node scripts/record-pretrained.mjs configs/pretrained-allconv-w025.yaml NAME [--set seed=2 …]
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [config, name, ...flags] = process.argv.slice(2);
const patchnas = (...args) => {
  const text = execFileSync('node', ['bin/run.js', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(text.toString());
};
const results = join(mkdtempSync(join(tmpdir(), 'patchnas-')), 'results');
const tables = patchnas('run', config, ...flags, '--out', results);
const [{ folder }] = patchnas('run', config, ...flags, '--until', 'pretrain');
const manifest = JSON.parse(readFileSync(join(results, 'manifest.json'), 'utf8'));
const { hashed, key, outputs } = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8'));
const original = tables.accuracy.find((row) => row.method === 'original');

const record = {
  weights: `${name}.safetensors`,
  sha256: outputs.find(({ file }) => file === 'network.safetensors').sha256,
  command: ['patchnas run', config, ...flags].join(' '),
  cleanAccuracy: original.clean.mean,
  losses: JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8')).map(({ loss }) =>
    Number(loss.toPrecision(6)),
  ),
  key,
  stage: JSON.parse(hashed),
  engine: manifest.engine,
};
copyFileSync(join(folder, 'network.safetensors'), `results/pretrained/${name}.safetensors`);
writeFileSync(`results/pretrained/${name}.json`, `${JSON.stringify(record, undefined, 2)}\n`);

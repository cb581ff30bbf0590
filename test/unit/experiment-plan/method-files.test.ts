import { writeFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { sha256File } from '../../../src/core/digest.js';
import { keysOf, planOf } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

const experiment = (deeprepair: string, methods = 'original, deeprepair, deeprepair-balanced') => `name: trial
repeats: 1
dataset: { name: shapes, train: 64, test: 40 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 1 } }
noise: { types: [fog] }
split: { failures: 5 }
baseline: { deeprepair: ${deeprepair} }
methods: [${methods}]
`;

/** A folder with one file a part. */
async function files(text = 'weights'): Promise<{ encoder: string; decoder: string }> {
  const folder = await tempFolder();
  const paths = { encoder: `${folder}/encoder.pth`, decoder: `${folder}/decoder.pth` };
  for (const [part, path] of Object.entries(paths)) await writeFile(path, `${text} of the ${part}`);
  return paths;
}

const wct2 = ({ encoder, decoder }: { encoder: string; decoder: string }) =>
  `{ style: wct2, encoder: ${encoder}, decoder: ${decoder} }`;
const paramsOf = (plan: Awaited<ReturnType<typeof planOf>>, id: string) =>
  plan.tasks.find((task) => task.id === id)!.params as Record<string, unknown>;
const repair = 'baseline/deeprepair/fog/r0';

describe('the files of a method', () => {
  it('stand in its task, in both forms, by their SHA-256', async () => {
    const paths = await files();
    const plan = await planOf(experiment(wct2(paths)));
    const [encoder, decoder] = [await sha256File(paths.encoder), await sha256File(paths.decoder)];
    for (const id of [repair, 'baseline/deeprepair-balanced/fog/r0'])
      expect(paramsOf(plan, id)['params']).toEqual({ clusters: 5, style: 'wct2', encoder, decoder });
    expect(plan.files).toEqual({ [encoder]: paths.encoder, [decoder]: paths.decoder });
  });

  it('move the keys of its own tasks with their content, and not with their place', async () => {
    const keys = async (text: string) => keysOf(await planOf(experiment(wct2(await files(text)))));
    const [one, same, other] = [await keys('some'), await keys('some'), await keys('other')];
    expect(same).toEqual(one);
    const moved = [...one.keys()].filter((id) => one.get(id) !== other.get(id));
    expect(moved.every((id) => id.includes('deeprepair') || id === 'report')).toBe(true);
    expect(moved).toContain(repair);
  });

  it('are not looked at where the method is not chosen', async () => {
    const plan = await planOf(experiment(wct2(await files()), 'original'));
    expect(plan.files).toEqual({});
  });
});

describe('the note of deeprepair', () => {
  const noteOf = async (deeprepair: string) => {
    const { methods } = paramsOf(await planOf(experiment(deeprepair)), 'report');
    return (methods as { name: string; note?: string }[]).map(({ note }) => note);
  };

  it('names what transfers the styles', async () => {
    const foreign = 'styles are transferred by WCT2, with the weights that the experiment names';
    expect(await noteOf(wct2(await files()))).toEqual([undefined, foreign, foreign]);
    const own =
      'styles are transferred by wct-pixel, from colours and frequencies, not by the published network WCT2';
    expect(await noteOf('{}')).toEqual([undefined, own, own]);
    const part = `${own}; mixtures are made for 25 % of each batch, not for all of it`;
    expect(await noteOf('{ mixedShare: 0.25 }')).toEqual([undefined, part, part]);
  });
});

it('deeprepair without foreign weights has the parameters that it always had', async () => {
  const plan = await planOf(experiment('{}'));
  expect(paramsOf(plan, repair)['params']).toEqual({ clusters: 5, style: 'wct-pixel' });
});

import { check, type Check } from './checks.js';

/** Weights of WCT2 are two files, and nothing but the style `wct2` uses them. */
const wct2HasWeights = check(['baseline.deeprepair'], ({ baseline }) => {
  const { deeprepair } = baseline as unknown as Sections;
  const at = ['baseline', 'deeprepair'];
  const parts = (['encoder', 'decoder'] as const).map((part) => ({ part, file: deeprepair[part] }));
  if (deeprepair.style === 'wct2')
    return parts
      .filter(({ file }) => file === undefined)
      .map(({ part }) => ({
        code: 'PN238',
        at: [[...at, 'style']],
        message: `the style wct2 needs the weights of its ${part}`,
        fix: `Add baseline.deeprepair.${part}: path.pth (wave_${part}_cat5_l4 of clovaai/WCT2), or take the style wct-pixel.`,
      }));
  return parts
    .filter(({ file }) => file !== undefined)
    .map(({ part }) => ({
      code: 'PN239',
      at: [[...at, part]],
      part: 'key',
      message: `baseline.deeprepair.${part} has no use with the style ${deeprepair.style}`,
      fix: 'Write style: wct2, or remove it.',
    }));
});

/** Without the Jensen-Shannon term AugMix classifies a mixture of every image. */
const mixedShareHasUse = check(['baseline.augmix'], ({ baseline }) => {
  const { augmix } = baseline as unknown as Sections;
  if (augmix.jensenShannon || augmix.mixedShare === undefined) return [];
  return [
    {
      code: 'PN240',
      at: [['baseline', 'augmix', 'mixedShare']],
      part: 'key',
      message: 'baseline.augmix.mixedShare has no use without the Jensen-Shannon term',
      fix: 'Remove it, or jensenShannon: false.',
    },
  ];
});

/** Sections of the methods' own parameters come from the catalogue, so the schema's type does not know them. */
interface Sections {
  readonly augmix: { readonly jensenShannon: boolean; readonly mixedShare?: number };
  readonly deeprepair: { readonly style: string; readonly encoder?: string; readonly decoder?: string };
}

export const baselineChecks: readonly Check[] = [wct2HasWeights, mixedShareHasUse];

import { readFile, writeFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { openWct2 } from '../../../src/baselines/wct2-style.js';
import { decoder, encoder } from '../../../src/baselines/wct2/network.js';
import { DataError, formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { moduleTensors, saveModule } from '../../../src/nn/checkpoint.js';
import { disposeModule } from '../../../src/nn/parameter.js';
import { testEngine } from '../../support/engine.js';
import { randomImage } from '../../support/images.js';
import { tempFolder } from '../../support/temp-folder.js';
import { publishedLayout, reconstructingWct2 } from '../../support/wct2.js';

const engine = await testEngine();
const channels = [4, 5, 6, 7] as const;
const image = (name: string) => randomImage(new Rng(1, name), 16, 16);

/** A folder with encoder.safetensors and decoder.safetensors of few channels, which give an image back. */
async function weights(): Promise<{ encoder: string; decoder: string }> {
  const folder = await tempFolder();
  const network = reconstructingWct2(engine);
  const paths = { encoder: `${folder}/encoder.safetensors`, decoder: `${folder}/decoder.safetensors` };
  await saveModule(engine, paths.encoder, network.encoder);
  await saveModule(engine, paths.decoder, network.decoder);
  disposeModule(network.encoder);
  disposeModule(network.decoder);
  return paths;
}

describe('openWct2', () => {
  it('gives an image its own style back, to the byte but for roundings', async () => {
    const wct2 = await openWct2(engine, await weights(), channels);
    const own = image('content');
    const copy = wct2.take(own, 16, 16)(own);
    expect(Math.max(...copy.map((byte, i) => Math.abs(byte - own[i]!)))).toBeLessThanOrEqual(1);
    wct2.dispose();
  });

  it('makes the same copy whatever was copied before, and leaves the image as it is', async () => {
    const wct2 = await openWct2(engine, await weights(), channels);
    const style = image('style').map((byte) => byte / 3);
    const [content, other] = [image('content'), image('other')];
    const restyle = wct2.take(style, 16, 16);
    const first = restyle(content);
    expect(first).not.toEqual(content);
    const mean = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;
    expect(Math.abs(mean(first) - mean(style))).toBeLessThan(2);
    restyle(other);
    wct2.take(other, 16, 16)(content);
    expect(restyle(content)).toEqual(first);
    expect(content).toEqual(image('content'));
    wct2.dispose();
  });

  it('leaves no tensors behind', async () => {
    const files = await weights();
    const before = engine.tf.memory().numTensors;
    const wct2 = await openWct2(engine, files, channels);
    wct2.take(image('style'), 16, 16)(image('content'));
    wct2.dispose();
    await openWct2(engine, { ...files, decoder: files.encoder }, channels).catch(() => undefined);
    expect(engine.tf.memory().numTensors).toBe(before);
  });

  it('names every tensor of a file that is for another part', async () => {
    const { encoder } = await weights();
    const error: unknown = await openWct2(engine, { encoder, decoder: encoder }, channels).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DataError);
    const text = formatError(error).replaceAll(encoder, '<encoder>');
    expect(text).toContain('missing conv3_4_2.weight [6, 30, 3, 3]\n');
    expect(text).toContain('conv4_1.weight is [7, 6, 3, 3] but the network has [6, 7, 3, 3]\n');
    expect(text).toContain('unknown pool1.LL.weight [4, 1, 2, 2]\n');
    expect(text).toMatch(
      /at <encoder>\n {2}Give wave_encoder_cat5_l4 of clovaai\/WCT2 as the encoder and wave_decoder_cat5_l4 as the decoder\.$/,
    );
  });

  it('refuses a file that PyTorch wrote before 1.6, as the published ones are of 2019', async () => {
    const { encoder, decoder } = await weights();
    await writeFile(encoder, await readFile('test/golden/pytorch-files/old.pth'));
    await expect(openWct2(engine, { encoder, decoder }, channels)).rejects.toMatchObject({ code: 'PN373' });
  });
});

describe('the network at its published width', () => {
  it.each([
    { part: 'encoder', module: encoder(engine) },
    { part: 'decoder', module: decoder(engine) },
  ] as const)('has the tensors of the published $part, and no others', async ({ part, module }) => {
    const own = [...(await moduleTensors(engine, module))].map(([name, { shape }]) => [name, shape]);
    expect(new Map(own as [string, number[]][])).toEqual(publishedLayout(part));
    disposeModule(module);
  });
});

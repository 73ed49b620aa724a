import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import type { Word2VecSettings } from '../../../engine/word2vec/settings.ts';
import { trainWord2Vec } from '../../../engine/word2vec/word2vec.ts';
import { KERNEL } from '../../../engine/word2vec/word2vec-wasm.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { buildKernel, KERNELS } from '../../../scripts/build-kernels.ts';
import { corpusOf, cosine, kindSessions, SETTINGS } from './corpora.ts';
import { pcg32 } from './reference/pcg32.ts';
import { trainReference } from './reference/word2vec.ts';

const corpus = corpusOf(kindSessions(200));

describe.each([
  ['CBOW', { ...SETTINGS, sg: 0, epochs: 2 }],
  ['skip-gram', { ...SETTINGS, sg: 1, epochs: 2 }],
] as const)('%s: the kernel makes the same updates as plain TypeScript on the same random stream', (_, settings) => {
  test.each<[string, Partial<Word2VecSettings>]>([
    ['1 dimension', { vector_size: 1 }],
    ['7 dimensions', { vector_size: 7 }],
    ['8 dimensions', { vector_size: 8 }],
    ['10 dimensions', { vector_size: 10 }],
    ['33 dimensions', { vector_size: 33 }],
    ['1 negative', { negative: 1 }],
    ['6 negatives: one more than a first six holds', { negative: 6 }],
    ['11 negatives: exactly two sixes', { negative: 11 }],
    ['20 negatives', { negative: 20 }],
    ['window 1', { window: 1 }],
    ['window larger than a session', { window: 50 }],
    ['full windows', { shrink_windows: false }],
    ['contexts before the target only', { direction: 'forward' }],
    ['the sum of contexts before the target', { direction: 'forward', cbow_mean: 0 }],
    ['window 1 before the target and sub-sampling', { direction: 'forward', window: 1, sample: 1e-2 }],
    ['sub-sampling', { sample: 1e-2 }],
    ['rare products left out', { min_count: 40 }],
    ['sum of contexts', { cbow_mean: 0 }],
    ['uniform negatives', { ns_exponent: 0 }],
    ['learning rate that stays', { min_alpha: 0.05 }],
    ['a seed of 32 bits', { seed: 0xffff_ffff }],
  ])('%s', async (_name, change) => {
    const trained = await trainWord2Vec(corpus, { ...settings, ...change }, startKernelThreads);
    const reference = trainReference(corpus, { ...settings, ...change });

    expect(trained.productIds).toEqual(reference.productIds);
    expectClose(trained.vectors, reference.vectors);
    expectClose(trained.contextVectors, reference.contextVectors);
  });
});

test('a runtime without relaxed SIMD gets the same updates from the plain build', async () => {
  const module = new WebAssembly.Module(Buffer.from(KERNEL.plain, 'base64'));
  const trained = await trainWord2Vec(corpus, SETTINGS, (job) => startKernelThreads({ ...job, module }));

  expectClose(trained.vectors, trainReference(corpus, SETTINGS).vectors);
});

test('the learning rate falls every 10,000 views within an epoch', async () => {
  const long = corpusOf(kindSessions(6_000));
  const settings = { ...SETTINGS, sg: 0, epochs: 1, min_alpha: 0 } as const;
  expect(long.sessions.views.length).toBeGreaterThan(30_000);

  const trained = await trainWord2Vec(long, settings, startKernelThreads);

  expectClose(trained.vectors, trainReference(long, settings).vectors);
});

/** Float32 sums in another order drift apart; a wrong update or draw is off by the size of the vectors. */
function expectClose(actual: Float32Array, expected: Float32Array) {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0) / expected.length);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(worst / scale).toBeLessThan(1e-3);
}

test.each([
  ['few products, of which each thread has replicas', corpusOf(kindSessions(4_000, seededRandom(7), 50))],
  ['many products, in parts and with replicas of some', corpusOf(kindSessions(8_000, seededRandom(7), 300))],
])('several workers learn the same neighbourhoods as one: %s', async (_, corpus) => {
  const together = await trainWord2Vec(corpus, { ...SETTINGS, epochs: 10, workers: 3 }, startKernelThreads);

  const { productIds, vectors, contextVectors, dimensions } = together;
  const kindOf = (id: string) => id.split('-')[0];
  for (const matrix of [vectors, contextVectors]) {
    const rows = productIds.map((_, product) => matrix.subarray(product * dimensions, (product + 1) * dimensions));
    rows.forEach((row, product) => {
      const similarities = rows.map((other) => (other === row ? -1 : cosine(other, row)));
      const nearest = similarities.indexOf(Math.max(...similarities));
      expect(kindOf(productIds[nearest])).toBe(kindOf(productIds[product]));
    });
  }
});

test('a handful of products is trained on one thread, and so to the bit the same, however many are asked for', async () => {
  const alone = await trainWord2Vec(corpus, SETTINGS, startKernelThreads);
  const together = await trainWord2Vec(corpus, { ...SETTINGS, workers: 3 }, startKernelThreads);

  expect(together.vectors).toEqual(alone.vectors);
});

test('all epochs in one call give the vectors of one call each', async () => {
  const alone = await trainWord2Vec(corpus, SETTINGS, startKernelThreads);
  const epochs: number[] = [];
  const each = await trainWord2Vec(corpus, SETTINGS, startKernelThreads, (done) => epochs.push(done));
  expect(epochs).toHaveLength(SETTINGS.epochs);
  expect(each).toEqual(alone);
});

test("the oracle's random stream is PCG32: the first outputs of its author's demo, seed 42 and stream 54", () => {
  const next = pcg32(42, 54);

  expect(Array.from({ length: 6 }, next)).toEqual([
    0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e,
  ]);
});

test.each(Object.entries(KERNELS))('%s is compiled into %s as it stands', async (source, output) => {
  expect(await readFile(output, 'utf8'), 'run npm run build:kernels').toBe(await buildKernel(source));
});

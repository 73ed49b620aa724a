import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import type { ProductVectors } from '../../../engine/word2vec/product-vectors.ts';
import type { Word2VecCorpus, Word2VecSettings } from '../../../engine/word2vec/settings.ts';
import { trainWord2Vec as train } from '../../../engine/word2vec/word2vec.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { corpusOf, cosine, kindSessions, SETTINGS } from './corpora.ts';

const trainWord2Vec = (corpus: Word2VecCorpus, settings: Word2VecSettings, onEpoch?: (done: number) => void) =>
  train(corpus, settings, startKernelThreads, onEpoch);

const sessions = kindSessions(600);
const corpus = corpusOf(sessions);

function vectorOf({ productIds, vectors, dimensions }: ProductVectors, id: string): Float32Array {
  const row = productIds.indexOf(id);
  return vectors.subarray(row * dimensions, (row + 1) * dimensions);
}

function nearestOf(trained: ProductVectors, id: string): string {
  return trained.productIds
    .filter((other) => other !== id)
    .reduce((best, other) => {
      const query = vectorOf(trained, id);
      return cosine(query, vectorOf(trained, other)) > cosine(query, vectorOf(trained, best)) ? other : best;
    });
}

describe.each([
  ['CBOW', { ...SETTINGS, sg: 0, epochs: 20 }],
  ['skip-gram', { ...SETTINGS, sg: 1 }],
] as const)('%s', (_, settings: Word2VecSettings) => {
  test("each product's nearest neighbour is of its own kind, although first sight is not the order of frequency", async () => {
    const firstSeen = [...new Set(sessions.flat())];
    expect(corpus.productIds).not.toEqual(firstSeen);

    const trained = await trainWord2Vec(corpus, settings);

    expect(trained.productIds).toEqual(corpus.productIds);
    for (const id of trained.productIds) expect(nearestOf(trained, id).split('-')[0]).toBe(id.split('-')[0]);
  });

  test('renaming the products renames the vectors and changes none', async () => {
    const renamed = (id: string) => [...id].reverse().join('');
    const trained = await trainWord2Vec(corpus, settings);
    const other = await trainWord2Vec(corpusOf(sessions.map((session) => session.map(renamed))), settings);

    for (const id of corpus.productIds) expect(vectorOf(other, renamed(id))).toEqual(vectorOf(trained, id));
  });

  test('the same seed gives the same bytes, another seed gives others', async () => {
    const [a, b, c] = [
      await trainWord2Vec(corpus, settings),
      await trainWord2Vec(corpus, settings),
      await trainWord2Vec(corpus, { ...settings, seed: 2 }),
    ];

    expect(Buffer.from(a.vectors.buffer).equals(Buffer.from(b.vectors.buffer))).toBe(true);
    expect(Buffer.from(a.contextVectors.buffer).equals(Buffer.from(b.contextVectors.buffer))).toBe(true);
    expect(a.vectors).not.toEqual(c.vectors);
  });

  test.each<[string, Partial<Word2VecSettings>]>([
    ['window', { window: 1 }],
    ['shrink_windows', { shrink_windows: false }],
    ['direction', { direction: 'forward' }],
    ['negative', { negative: 1 }],
    ['ns_exponent', { ns_exponent: 0 }],
    ['sample', { sample: 1e-2 }],
    ['epochs', { epochs: 1 }],
    ['alpha', { alpha: 0.01 }],
    ['min_alpha', { min_alpha: 0.04 }],
  ])('%s changes what is learned', async (_setting, change) => {
    const [{ vectors }, changed] = [
      await trainWord2Vec(corpus, settings),
      await trainWord2Vec(corpus, { ...settings, ...change }),
    ];

    expect(changed.vectors).not.toEqual(vectors);
  });
});

test('cbow_mean changes CBOW and not skip-gram', async () => {
  const vectorsWith = async (change: Partial<Word2VecSettings>) =>
    (await trainWord2Vec(corpus, { ...SETTINGS, ...change })).vectors;

  expect(await vectorsWith({ sg: 0, cbow_mean: 0 })).not.toEqual(await vectorsWith({ sg: 0, cbow_mean: 1 }));
  expect(await vectorsWith({ sg: 1, cbow_mean: 0 })).toEqual(await vectorsWith({ sg: 1, cbow_mean: 1 }));
});

test.each([
  ['CBOW', 0],
  ['skip-gram', 1],
] as const)(
  '%s, forward only: the input of what came before predicts what comes after, and not the reverse',
  async (_, sg) => {
    // Sessions of two products, always a before b of the same kind.
    const pairs = Array.from({ length: 800 }, (_, s) => [`a-${s % 8}`, `b-${s % 8}`]);
    const meanProducts = async (direction: 'both' | 'forward') => {
      const settings = { ...SETTINGS, sg, direction, epochs: 30 };
      const { productIds, vectors, contextVectors, dimensions } = await trainWord2Vec(corpusOf(pairs), settings);
      const product = (before: string, after: string) => {
        const [input, output] = [before, after].map((id) => productIds.indexOf(id) * dimensions);
        let sum = 0;
        for (let d = 0; d < dimensions; d++) sum += vectors[input + d] * contextVectors[output + d];
        return sum;
      };
      const mean = (f: (kind: number) => number) =>
        Array.from({ length: 8 }, (_, kind) => f(kind) / 8).reduce((x, y) => x + y);
      return {
        forward: mean((kind) => product(`a-${kind}`, `b-${kind}`)),
        backward: mean((kind) => product(`b-${kind}`, `a-${kind}`)),
      };
    };

    const [forward, both] = [await meanProducts('forward'), await meanProducts('both')];

    expect(forward.forward).toBeGreaterThan(1);
    expect(forward.backward).toBeLessThan(0.1);
    expect(both.backward).toBeGreaterThan(1);
  },
);

test('min_count leaves rare products out, and the vectors are those of the others', async () => {
  const withRare = corpusOf([...sessions, ['rare-1', 'rare-2']]);

  const trained = await trainWord2Vec(withRare, { ...SETTINGS, min_count: 2 });

  expect(withRare.productIds).toContain('rare-1');
  expect(trained.productIds).toEqual(corpus.productIds);
  expect(trained.vectors).toHaveLength(corpus.productIds.length * SETTINGS.vector_size);
  expect(trained.contextVectors).toHaveLength(corpus.productIds.length * SETTINGS.vector_size);
});

test.each([1, 3, 4, 10, 33])('%i dimensions', async (vector_size) => {
  const trained = await trainWord2Vec(corpus, { ...SETTINGS, vector_size });

  expect(trained.dimensions).toBe(vector_size);
  expect(trained.vectors).toHaveLength(corpus.productIds.length * vector_size);
  expect(trained.vectors.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
});

test('vectors that nothing trains stay at their start: uniform in [−1, 1) / dimensions, output vectors zero', async () => {
  const many = Array.from({ length: 500 }, (_, i) => [`lonely-${i}`]);
  const trained = await trainWord2Vec(corpusOf([['a', 'b'], ...many]), { ...SETTINGS, epochs: 1, negative: 1 });

  const lonely = many.flatMap(([id]) => [...vectorOf(trained, id)]).map((value) => value * SETTINGS.vector_size);
  expect(Math.min(...lonely)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...lonely)).toBeLessThan(1);
  expect(lonely.reduce((sum, value) => sum + value, 0) / lonely.length).toBeCloseTo(0, 1);
  expect(lonely.reduce((sum, value) => sum + value ** 2, 0) / lonely.length).toBeCloseTo(1 / 3, 1);
  expect(trained.contextVectors.filter((value) => value !== 0).length).toBeLessThan(10 * SETTINGS.vector_size);
});

test('each epoch is reported', async () => {
  const epochs: number[] = [];
  await trainWord2Vec(corpus, { ...SETTINGS, epochs: 3 }, (done) => epochs.push(done));

  expect(epochs).toEqual([1, 2, 3]);
});

test('vectors that diverge are refused with the cause', async () => {
  const settings = { ...SETTINGS, sg: 0, cbow_mean: 0, alpha: Number.MAX_VALUE } as const;

  await expect(async () => trainWord2Vec(corpus, settings)).rejects.toThrow(ConfigurationError);
  await expect(async () => trainWord2Vec(corpus, settings)).rejects.toThrow(
    /diverged: the vector of product ".*" is not finite .* alpha = .* is too high/,
  );
});

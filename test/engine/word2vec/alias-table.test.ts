import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aliasTable, drawFrom, negativeWeights } from '../../../engine/word2vec/alias-table.ts';

/** The chance of each product, summed over the slots. */
function chances({ thresholds, aliases }: { thresholds: Uint32Array; aliases: Uint32Array }): number[] {
  const result = new Array<number>(thresholds.length).fill(0);
  thresholds.forEach((threshold, slot) => {
    const own = threshold / 0xffff_ffff;
    result[slot] += own / thresholds.length;
    result[aliases[slot]] += (1 - own) / thresholds.length;
  });
  return result;
}

test('every product has the chance of its weight', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 200 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      chances(aliasTable(Float64Array.from(weights))).forEach((chance, product) => {
        expect(chance).toBeCloseTo(weights[product] / total, 7);
      });
    }),
  );
});

test('negatives follow views to the power of ns_exponent', () => {
  // 16^0.75 = 8 and 1^0.75 = 1: of 10 draws, 8 and 1 and 1.
  const byDefault = chances(aliasTable(negativeWeights(Uint32Array.of(16, 1, 1), 0.75)));
  const uniform = chances(aliasTable(negativeWeights(Uint32Array.of(16, 1, 1), 0)));

  for (const product of [0, 1, 2]) {
    expect(byDefault[product]).toBeCloseTo([0.8, 0.1, 0.1][product], 7);
    expect(uniform[product]).toBeCloseTo(1 / 3, 7);
  }
});

test('drawing over all 32-bit integers, evenly spaced, gives the distribution', () => {
  const table = aliasTable(negativeWeights(Uint32Array.of(16, 1, 1), 0.75));
  const drawn = [0, 0, 0];
  const draws = 100_000;
  for (let i = 0; i < draws; i++) drawn[drawFrom(table, Math.floor((i * 2 ** 32) / draws))]++;

  expect(drawn.map((count) => Math.round((count / draws) * 1000) / 1000)).toEqual([0.8, 0.1, 0.1]);
});

import { describe, expect, test } from 'vitest';
import { attributeFieldsOf, likeness } from '../../../engine/attributes/attribute-fields.ts';
import { rankByAttributes } from '../../../engine/attributes/rank-by-attributes.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { catalogueOf } from './example-catalogue.ts';

const DIMENSIONS = 3;
const WEIGHTS = { vector: 0.7, views: 0.2, color: 1.5, price: 0.4, gone: 9 };

function world(productCount: number) {
  const random = seededRandom(3);
  const rows = Array.from({ length: productCount }, (_, p) => [
    `p${p}`,
    `c${Math.floor(random() * 5)}`,
    String(1 + Math.floor(random() * 40)),
  ]);
  const numbers = (length: number) => Float32Array.from({ length }, () => random() * 2 - 1);
  return {
    fields: attributeFieldsOf(catalogueOf(['id', 'color', 'price'], rows)),
    traits: {
      dimensions: DIMENSIONS,
      vectors: numbers(productCount * DIMENSIONS),
      contextVectors: numbers(productCount * DIMENSIONS),
      logViews: numbers(productCount),
    },
    vector: numbers(DIMENSIONS),
  };
}

describe('ranking by attributes', () => {
  test.each([1, 7, 300])('%i places are those of a brute force', (count) => {
    const { fields, traits, vector } = world(300);
    const admitted = { has: (row: number) => row % 3 !== 0 };
    const expected = Array.from({ length: 300 }, (_, row) => {
      const dot = [0, 1, 2].reduce((sum, d) => sum + vector[d] * traits.contextVectors[row * DIMENSIONS + d], 0);
      const [color, price] = fields.map((field) => likeness(field, 4, row));
      return { product: row, score: 0.7 * dot + 0.2 * traits.logViews[row] + 1.5 * color + 0.4 * price };
    })
      .filter(({ product }) => product !== 4 && product % 3 !== 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
    const ranked = rankByAttributes(fields, WEIGHTS, { vector, newest: 4 }, { firstRow: 0, traits }, count, admitted);
    expect(ranked.map(({ product }) => product)).toEqual(expected.map(({ product }) => product));
    ranked.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(expected[i].score, 5);
    });
  });

  test('of many candidates the 2,000 best by vector and views are compared', () => {
    const { fields, traits, vector } = world(5_000);
    const ranked = rankByAttributes(fields, WEIGHTS, { vector, newest: 4 }, { firstRow: 0, traits }, 5_000);
    expect(ranked).toHaveLength(2_000);
    expect(new Set(ranked.map(({ product }) => product)).size).toBe(2_000);
  });

  test('candidates may be rows behind others', () => {
    const { fields, traits, vector } = world(10);
    const last = {
      dimensions: DIMENSIONS,
      vectors: traits.vectors.subarray(9 * DIMENSIONS),
      contextVectors: traits.contextVectors.subarray(9 * DIMENSIONS),
      logViews: traits.logViews.subarray(9),
    };
    const ranked = rankByAttributes(fields, WEIGHTS, { vector, newest: 4 }, { firstRow: 9, traits: last }, 5);
    expect(ranked.map(({ product }) => product)).toEqual([9]);
  });
});

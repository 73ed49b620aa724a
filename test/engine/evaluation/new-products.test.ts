import { describe, expect, test } from 'vitest';
import { attributeFieldsOf } from '../../../engine/attributes/attribute-fields.ts';
import { fitAttributeWeights } from '../../../engine/evaluation/fit-attributes.ts';
import { fitPull } from '../../../engine/evaluation/fit-pull.ts';
import { evaluateNewProducts, numberNewProducts } from '../../../engine/evaluation/new-products.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { catalogueOf } from '../attributes/example-catalogue.ts';
import { clustersOf, corpusOf, sessionsOf, vectorsOf } from '../ranking/example-index.ts';

/** 60 known products in 3 categories, then 60 new ones; who views one goes on in its category. Vectors say nothing. */
const KNOWN = 60;
const CATEGORIES = 3;
const ids = Array.from({ length: 2 * KNOWN }, (_, p) => `p${p}`);
const categoryOf = (product: number) => product % CATEGORIES;
const fields = attributeFieldsOf(
  catalogueOf(
    ['id', 'product_type', 'noise'],
    ids.map((id, p) => [id, `category ${categoryOf(p)}`, `n${(p * 7) % 10}`]),
  ),
);
const index = buildServingIndex(
  corpusOf(
    ids.slice(0, KNOWN),
    Array<number>(KNOWN).fill(1),
    Array.from({ length: KNOWN }, (_, p) => [p]),
  ),
  vectorsOf(
    ids.slice(0, KNOWN),
    Array.from({ length: KNOWN }, () => [0.1]),
  ),
  clustersOf(Array<number>(KNOWN).fill(0), [[0]]),
  'blend',
);

function walk(count: number, from: (random: () => number) => number, to: (random: () => number) => number): number[][] {
  const random = seededRandom(9);
  return Array.from({ length: count }, () => {
    const first = from(random);
    let next = to(random);
    while (categoryOf(next) !== categoryOf(first) || next === first) next = to(random);
    return [first, next];
  });
}
const anyKnown = (random: () => number) => Math.floor(random() * KNOWN);
const anyNew = (random: () => number) => KNOWN + Math.floor(random() * KNOWN);

describe('fitting the weights of attributes', () => {
  const ofKnown = fields.map((field) => ({ ...field, offsets: field.offsets.slice(0, KNOWN + 1) }));

  test('what decides gets weight, what does not gets none', () => {
    const weights = fitAttributeWeights(index, ofKnown, sessionsOf(walk(3_000, anyKnown, anyKnown)), seededRandom(1));
    for (const question of ['amongNew', 'forNew'] as const) {
      expect(weights?.[question]['product_type']).toBeGreaterThan(3);
      expect(Math.abs(weights?.[question]['noise'] ?? 9)).toBeLessThan(0.5);
    }
  });

  test('too few choices fit nothing', () => {
    const few = sessionsOf(walk(100, anyKnown, anyKnown));
    expect(fitAttributeWeights(index, ofKnown, few, seededRandom(1))).toBeUndefined();
  });
});

describe('the split for new products', () => {
  const weights = { amongNew: { product_type: 1 }, forNew: { product_type: 1 } };
  const later = { newProductIds: ids.slice(KNOWN) };

  test('20 of a category of 20 are found by category, and a third of all by views that say nothing', () => {
    const sessions = sessionsOf([...walk(300, anyKnown, anyNew), ...walk(300, anyNew, anyKnown)]);
    const { newNext, afterNew } = evaluateNewProducts(index, { ...later, later: sessions }, fields, weights, 1);
    for (const figures of [newNext, afterNew]) {
      expect(figures?.questions).toBe(300);
      expect(figures?.candidates).toBe(KNOWN);
      expect(figures?.figures.attributes['HR@20'].value).toBe(1);
      expect(figures?.figures['popular in its category']['HR@20'].value).toBeCloseTo(1, 10);
      // All 60 are equal: each stands in the first 20 in a third of the orders.
      expect(figures?.figures.popular['HR@20'].value).toBeCloseTo(20 / KNOWN, 10);
      const harmonic = Array.from({ length: 20 }, (_, place) => 1 / (place + 1)).reduce((a, b) => a + b);
      expect(figures?.figures.popular['MRR@20'].value).toBeCloseTo(harmonic / KNOWN, 10);
    }
  });

  test('of more than 3,000 questions those are asked that are spread over time', () => {
    // The older half goes on in its category, the newer half to another one.
    const others = walk(3_000, anyKnown, anyNew).map(([from, to]) => [from, to === 2 * KNOWN - 1 ? to - 1 : to + 1]);
    const sessions = sessionsOf([...walk(3_000, anyKnown, anyNew), ...others]);
    const { newNext } = evaluateNewProducts(index, { ...later, later: sessions }, fields, weights, 1);
    expect(newNext?.questions).toBe(3_000);
    // The first 20 are the category: all of the one half, none of the other.
    expect(newNext?.figures.attributes['HR@20'].value).toBe(0.5);
  });

  test('fewer than 100 questions give no figures', () => {
    const sessions = sessionsOf(walk(99, anyKnown, anyNew));
    const measured = evaluateNewProducts(index, { ...later, later: sessions }, fields, weights, 1);
    expect(measured).toEqual({ newProducts: KNOWN, newNext: null, afterNew: null });
  });

  test('equal scores count as the mean over all orders, also where the answers have the lowest numbers', () => {
    // All 60 new products are equal, and the first 20 alone are viewed: a list that knows nothing finds a third of them.
    const firstNew = (random: () => number) => KNOWN + Math.floor(random() * 20);
    const sessions = sessionsOf([
      ...walk(300, anyKnown, firstNew),
      ...walk(300, anyNew, (random) => firstNew(random) - KNOWN),
    ]);
    const nothing = { amongNew: {}, forNew: {} };
    const { newNext, afterNew } = evaluateNewProducts(index, { ...later, later: sessions }, fields, nothing, 1);
    const harmonic = Array.from({ length: 20 }, (_, place) => 1 / (place + 1)).reduce((a, b) => a + b);
    for (const { figures } of [newNext!, afterNew!]) {
      expect(figures.attributes['HR@20'].value).toBeCloseTo(20 / KNOWN, 10);
      expect(figures.attributes['MRR@20'].value).toBeCloseTo(harmonic / KNOWN, 10);
    }
  });

  test('products that the index does not know are numbered after it, whatever the order of their views', () => {
    const corpus = {
      productIds: ['x', 'p1', 'y', 'p0'],
      ...sessionsOf([
        [0, 1],
        [2, 3],
        [0, 2],
      ]),
    };
    const { later: numbered, newProductIds } = numberNewProducts(corpus, 1, index);
    expect(newProductIds).toEqual(['x', 'y']);
    expect([...numbered.offsets]).toEqual([0, 2, 4]);
    expect([...numbered.views]).toEqual([KNOWN + 1, 0, KNOWN, KNOWN + 1]);
  });
});

describe('how far rare products are drawn', () => {
  /** Every product's vector is noise, but those of a category agree on average. */
  const random = seededRandom(4);
  const rows = Array.from({ length: KNOWN }, (_, p) => {
    const noise = () => (random() - 0.5) * 6;
    return [0, 1, 2].map((axis) => (categoryOf(p) === axis ? 2 : 0) + noise());
  });
  const noisy = buildServingIndex(
    corpusOf(ids.slice(0, KNOWN), Array<number>(KNOWN).fill(5)),
    { ...vectorsOf(ids.slice(0, KNOWN), rows), contextVectors: Float32Array.from(rows.flat()) },
    clustersOf(Array<number>(KNOWN).fill(0), [[0, 0, 0]]),
    'blend',
  );
  const ofKnown = fields.map((field) => ({ ...field, offsets: field.offsets.slice(0, KNOWN + 1) }));

  test('far where attributes decide and vectors are noise', () => {
    expect(fitPull(noisy, ofKnown, sessionsOf(walk(600, anyKnown, anyKnown)))).toBeGreaterThanOrEqual(10);
  });

  test('not at all where what comes next has nothing to do with attributes', () => {
    const pairs = Array.from({ length: 600 }, () => [anyKnown(random), anyKnown(random)]);
    expect(fitPull(noisy, ofKnown, sessionsOf(pairs))).toBe(0);
  });

  test('as the questions of all the time say, where the oldest ones say something else', () => {
    const pairs = Array.from({ length: 1_000 }, () => [anyKnown(random), anyKnown(random)]);
    const sessions = sessionsOf([...pairs, ...walk(4_000, anyKnown, anyKnown)]);
    expect(fitPull(noisy, ofKnown, sessions)).toBeGreaterThanOrEqual(10);
  });

  test('not at all with too few questions', () => {
    expect(fitPull(noisy, ofKnown, sessionsOf(walk(150, anyKnown, anyKnown)))).toBe(0);
  });
});

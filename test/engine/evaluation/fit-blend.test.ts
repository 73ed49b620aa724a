import { expect, test } from 'vitest';
import { fitFew, withBest } from '../../../engine/evaluation/fit-blend.ts';
import { BLEND_FEATURES, UNFITTED_BLEND_WEIGHTS } from '../../../engine/serving-index/blend-weights.ts';

test('a few choices move the unfitted weights a little, more move them further, none not at all', () => {
  expect(fitFew([])).toEqual(UNFITTED_BLEND_WEIGHTS);
  // The chosen one of two differs in one feature alone: only that weight moves.
  const features = new Float32Array(2 * BLEND_FEATURES.length);
  features[3] = 1;
  const distances = [1, 10, 1_000].map((count) => {
    const weights = fitFew(Array.from({ length: count }, () => ({ features, chosen: 0 })));
    expect(weights.with(3, 0)).toEqual(UNFITTED_BLEND_WEIGHTS.with(3, 0));
    return weights[3] - UNFITTED_BLEND_WEIGHTS[3];
  });
  expect(distances[0]).toBeGreaterThan(0);
  expect(distances[0]).toBeLessThan(0.1);
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  // d sum(ln p) / dw = pull / 2 · 2 · distance: at the minimum 1 · (1 − p) = pull · distance, p = 1 / (1 + exp(−w)).
  const w = distances[0] + UNFITTED_BLEND_WEIGHTS[3];
  expect(1 - 1 / (1 + Math.exp(-w))).toBeCloseTo(30 * distances[0], 3);
});

test('a choice among many is kept among the best of them and the chosen one', () => {
  const width = BLEND_FEATURES.length;
  // By the third feature candidate 4 is best, then 1, 3, 0 and 2.
  const worths = [2, 8, 1, 5, 9];
  const features = new Float32Array(5 * width);
  worths.forEach((worth, i) => {
    features[i * width] = i;
    features[i * width + 2] = worth;
  });
  const weights = new Float64Array(width).with(2, 1);
  const choice = { features, products: Uint32Array.of(50, 51, 52, 53, 54), viewed: [7], session: 0, chosen: 2 };
  const kept = withBest(choice, weights, 2);
  expect([...kept.products]).toEqual([51, 52, 54]);
  expect(kept.chosen).toBe(1);
  expect([0, 1, 2].map((i) => [kept.features[i * width], kept.features[i * width + 2]])).toEqual([
    [1, 8],
    [2, 1],
    [4, 9],
  ]);
  expect(kept.viewed).toEqual([7]);
  expect(withBest({ ...choice, chosen: 4 }, weights, 2).products).toEqual(Uint32Array.of(51, 54));
  expect(withBest(choice, weights, 5)).toBe(choice);
});

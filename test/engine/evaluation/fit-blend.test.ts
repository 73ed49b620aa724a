import { expect, test } from 'vitest';
import { fitFew } from '../../../engine/evaluation/fit-blend.ts';
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

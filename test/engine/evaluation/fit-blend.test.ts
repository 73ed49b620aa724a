import { expect, test } from 'vitest';
import { type Choice, fitFew, softmaxLoss } from '../../../engine/evaluation/fit-blend.ts';
import { minimise } from '../../../engine/numeric/l-bfgs.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { BLEND_FEATURES, UNFITTED_BLEND_WEIGHTS } from '../../../engine/serving-index/blend-weights.ts';

const FEATURES = 3;
const TRUE_WEIGHTS = [1.5, -0.7, 0.3];

/** Choices drawn from the model itself. */
function drawChoices(count: number, candidates: number): Choice[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => {
    const features = Float32Array.from({ length: candidates * FEATURES }, () => random() * 2);
    const odds = Array.from({ length: candidates }, (_, i) =>
      Math.exp(TRUE_WEIGHTS.reduce((sum, weight, f) => sum + weight * features[i * FEATURES + f], 0)),
    );
    let left = random() * odds.reduce((sum, odd) => sum + odd, 0);
    let chosen = 0;
    while (chosen < candidates - 1 && left > odds[chosen]) left -= odds[chosen++];
    return { features, chosen };
  });
}

test('the loss of two candidates that differ by 2 in one feature, worked by hand', () => {
  const choice = { features: Float32Array.of(2, 0, 0, 0, 0, 0), chosen: 0 };
  const gradient = new Float64Array(3);
  const loss = softmaxLoss([choice], 3, 0)(Float64Array.of(0.5, 0, 0), gradient);
  // Logits 1 and 0: p = e / (e + 1).
  expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
  expect(gradient[0]).toBeCloseTo(2 * (Math.E / (Math.E + 1) - 1), 12);
});

test('the gradient agrees with finite differences', () => {
  const loss = softmaxLoss(drawChoices(20, 7), FEATURES, 0.1, Float64Array.of(1, -2, 0.5));
  const x = Float64Array.of(0.4, -1.1, 2);
  const gradient = new Float64Array(FEATURES);
  loss(x, gradient);
  const unused = new Float64Array(FEATURES);
  for (let f = 0; f < FEATURES; f++) {
    const at = (shift: number) => loss(x.with(f, x[f] + shift), unused);
    expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(gradient[f], 6);
  }
});

test('the weights that made the choices are found again', () => {
  const loss = softmaxLoss(drawChoices(4_000, 10), FEATURES, 0);
  const found = minimise(loss, new Float64Array(FEATURES), { maxIterations: 100, tolerance: 1e-9 });
  for (const [f, weight] of TRUE_WEIGHTS.entries()) expect(found[f]).toBeCloseTo(weight, 0);
});

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

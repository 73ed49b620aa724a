import { expect, test } from 'vitest';
import { type Choice, softmaxLoss } from '../../../engine/evaluation/softmax-loss.ts';
import { minimise } from '../../../engine/numeric/l-bfgs.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';

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
  expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 6);
  expect(gradient[0]).toBeCloseTo(2 * (Math.E / (Math.E + 1) - 1), 6);
});

test('the gradient agrees with finite differences', () => {
  const loss = softmaxLoss(drawChoices(20, 7), FEATURES, 0.1, Float64Array.of(1, -2, 0.5));
  const x = Float64Array.of(0.4, -1.1, 2);
  const gradient = new Float64Array(FEATURES);
  loss(x, gradient);
  const unused = new Float64Array(FEATURES);
  for (let f = 0; f < FEATURES; f++) {
    const at = (shift: number) => loss(x.with(f, x[f] + shift), unused);
    expect((at(1e-2) - at(-1e-2)) / 2e-2).toBeCloseTo(gradient[f], 3);
  }
});

test('the weights that made the choices are found again', () => {
  const loss = softmaxLoss(drawChoices(4_000, 10), FEATURES, 0);
  const found = minimise(loss, new Float64Array(FEATURES), { maxIterations: 100, tolerance: 1e-9 });
  for (const [f, weight] of TRUE_WEIGHTS.entries()) expect(found[f]).toBeCloseTo(weight, 0);
});

/** Float64, one candidate after the other: −1/n Σ ln softmax(w · features)[chosen] + ridge/2 · ‖w − centre‖². */
function plainLoss(choices: readonly Choice[], weights: number[], ridge: number, centre: number[]) {
  const gradient = weights.map((weight, f) => ridge * (weight - centre[f]));
  let loss = (ridge / 2) * weights.reduce((sum, weight, f) => sum + (weight - centre[f]) ** 2, 0);
  for (const { features, chosen } of choices) {
    const rows = Array.from({ length: features.length / weights.length }, (_, i) =>
      weights.map((_, f) => features[i * weights.length + f]),
    );
    const odds = rows.map((row) => Math.exp(row.reduce((sum, value, f) => sum + value * weights[f], 0)));
    const sum = odds.reduce((a, b) => a + b, 0);
    loss -= Math.log(odds[chosen] / sum) / choices.length;
    rows.forEach((row, i) => {
      const error = odds[i] / sum - (i === chosen ? 1 : 0);
      row.forEach((value, f) => {
        gradient[f] += (error * value) / choices.length;
      });
    });
  }
  return { loss, gradient };
}

test('loss and gradient are those of plain code, however many candidates and features', () => {
  const random = seededRandom(5);
  for (const featureCount of [1, 4, 18, 23]) {
    const choices = [1, 2, 15, 16, 17, 33, 250].map(
      (size): Choice => ({
        features: Float32Array.from({ length: size * featureCount }, () => 4 * random() - 2),
        chosen: Math.floor(random() * size),
      }),
    );
    const weights = Array.from({ length: featureCount }, () => 2 * random() - 1);
    const centre = weights.map((_, f) => f / 10);
    const expected = plainLoss(choices, weights, 0.01, centre);
    const gradient = new Float64Array(featureCount);
    const objective = softmaxLoss(choices, featureCount, 0.01, Float64Array.from(centre));
    for (const _ of ['once', 'and again']) {
      expect(objective(Float64Array.from(weights), gradient)).toBeCloseTo(expected.loss, 5);
      for (let f = 0; f < featureCount; f++) expect(gradient[f]).toBeCloseTo(expected.gradient[f], 5);
    }
  }
});

test('logits far apart leave loss and gradient finite', () => {
  const choice = { features: Float32Array.of(1, -1, 0), chosen: 1 };
  const gradient = new Float64Array(1);
  // ln softmax(300, −300, 0)[1] = −600.
  expect(softmaxLoss([choice], 1, 0)(Float64Array.of(300), gradient)).toBeCloseTo(600, 3);
  expect(gradient[0]).toBeCloseTo(2, 5);
});

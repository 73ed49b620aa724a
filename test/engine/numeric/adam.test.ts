import { expect, test } from 'vitest';
import { Adam } from '../../../engine/numeric/adam.ts';

test('two steps, worked by hand', () => {
  const parameters = Float32Array.of(1, 1);
  const adam = new Adam(parameters);
  // Of two examples, so slopes 1 and −4. The first step is of the full size, whatever the slope.
  adam.descend(Float32Array.of(2, -8), 2, 0.1);
  expect(parameters[0]).toBeCloseTo(0.9, 6);
  expect(parameters[1]).toBeCloseTo(1.1, 6);
  // Slopes 0: means 0.09 and −0.36 by 1 − 0.81, squares 0.000999 and 0.015984 by 1 − 0.998001.
  adam.descend(Float32Array.of(0, 0), 2, 0.1);
  const step = (0.1 * (0.09 / 0.19)) / Math.sqrt(0.000999 / 0.001999);
  expect(parameters[0]).toBeCloseTo(0.9 - step, 6);
  expect(parameters[1]).toBeCloseTo(1.1 + step, 6);
  expect(adam.steps).toBe(2);
});

test('finds the bottom of a narrow valley', () => {
  const parameters = Float32Array.of(5, -3);
  const adam = new Adam(parameters);
  for (let step = 0; step < 3_000; step++) {
    const gradient = Float32Array.of(2 * (parameters[0] - 1), 200 * (parameters[1] - 2));
    adam.descend(gradient, 1, 0.05 * (1 - step / 3_000));
  }
  expect(parameters[0]).toBeCloseTo(1, 2);
  expect(parameters[1]).toBeCloseTo(2, 2);
});

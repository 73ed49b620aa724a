import { expect, test } from 'vitest';
import { bootstrapRatios } from '../../../engine/evaluation/bootstrap.ts';

test('the value is the ratio of the sums, not the mean of the ratios', () => {
  const [first, second] = bootstrapRatios(Float64Array.of(1, 0, 1, 3), Float64Array.of(1, 4, 3, 4), 2, 1);
  expect(first.value).toBe(2 / 4);
  expect(second.value).toBe(3 / 8);
});

test('sessions that all agree leave no doubt', () => {
  const [estimate] = bootstrapRatios(new Float64Array(50).fill(1), new Float64Array(50).fill(2), 1, 1);
  expect(estimate).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
});

test('the interval of a share is ± 1.96 √(p (1 − p) / n)', () => {
  const sessions = 10_000;
  const hits = Float64Array.from({ length: sessions }, (_, s) => (s % 10 < 3 ? 1 : 0));
  const [{ value, low, high }] = bootstrapRatios(hits, new Float64Array(sessions).fill(1), 1, 2);
  const halfWidth = 1.96 * Math.sqrt((0.3 * 0.7) / sessions);
  expect(value).toBeCloseTo(0.3, 12);
  expect((value - low) / halfWidth).toBeCloseTo(1, 0);
  expect((high - value) / halfWidth).toBeCloseTo(1, 0);
});

test('positions of one session are resampled together, which widens the interval', () => {
  const alone = Float64Array.from({ length: 1_000 }, (_, i) => i % 2);
  const together = Float64Array.from({ length: 100 }, (_, i) => (i % 2) * 10);
  const width = (numerators: Float64Array, size: number) => {
    const denominators = new Float64Array(numerators.length).fill(size);
    const [{ low, high }] = bootstrapRatios(numerators, denominators, 1, 3);
    return high - low;
  };
  // √10 in theory.
  expect(width(together, 10) / width(alone, 1)).toBeGreaterThan(2);
});

test('nothing to divide by is 0', () => {
  expect(bootstrapRatios(new Float64Array(3), new Float64Array(3), 1, 1)[0].value).toBe(0);
});

test('the same seed draws the same sessions, whatever was drawn in between', () => {
  const numerators = Float64Array.from({ length: 60 }, (_, i) => (i * 7) % 11);
  const estimate = (sessions: number, seed: number) =>
    bootstrapRatios(numerators.subarray(0, sessions), new Float64Array(sessions).fill(1), 1, seed)[0];
  const first = estimate(60, 1);
  expect(estimate(60, 2)).not.toEqual(first);
  expect(estimate(40, 1).value).not.toBe(first.value);
  expect(estimate(60, 1)).toEqual(first);
});

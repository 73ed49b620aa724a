import { expect, it } from 'vitest';
import { medianOf, timeBounds } from '../../../engine/clicks/time-bounds.ts';

const NOW = Date.UTC(2026, 10, 28);
const today = Array<number>(12_000).fill(NOW);
const wrongClock = Array<number>(10_050).fill(0);

it.each([
  ['after', [...today, ...wrongClock]],
  ['before', [...wrongClock, ...today]],
])('the wrong clock of fewer than half of the rows, %s the others, moves no bound', (_, times) => {
  expect(timeBounds(medianOf(Float64Array.from(times)), NOW).earliestMs).toBe(Date.UTC(1990));
});

it('most of the rows, and not the first ones, tell that a clock counts from elsewhere', () => {
  const times = Float64Array.from([...today, ...wrongClock, ...wrongClock]);
  expect(timeBounds(medianOf(times), NOW).earliestMs).toBeLessThan(0);
});

it('a median is of what is a time', () => {
  expect(medianOf(Float64Array.of(Number.NaN, 3, 1, Number.NaN))).toBe(2);
  expect(medianOf(Float64Array.of(Number.NaN))).toBeNaN();
  expect(medianOf(new Float64Array(0))).toBeNaN();
});

import { expect, it } from 'vitest';
import { middleWithin, readableTicks } from '../../console/charts/ticks.ts';

it('GIVEN numbers so close that their texts are the same THEN each text stands once', () => {
  const texts = readableTicks([0, 2e-10, 4e-10, 0.05], (n) => n.toFixed(2)).map(({ text }) => text);
  expect(texts).toEqual(['0.00', '0.05']);
});

it('GIVEN hours of one day THEN the day stands once, at its begin', () => {
  const hours = [0, 6, 12, 18, 24].map((hour) => Date.UTC(2026, 9, 1, hour));
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  expect(readableTicks(hours, day)).toEqual([
    { value: hours[0], text: '2026-10-01' },
    { value: hours[4], text: '2026-10-02' },
  ]);
});

it('GIVEN what is counted THEN there are no fractions, and none is rounded to another place', () => {
  const ticks = readableTicks([2, 2.2, 2.6, 3], (n) => String(Math.round(n)), { isCount: true });
  expect(ticks).toEqual([
    { value: 2, text: '2' },
    { value: 3, text: '3' },
  ]);
});

it('GIVEN a tick at the right edge THEN its text ends within the chart', () => {
  expect(middleWithin(100, '28 Oct', 500)).toBe(100);
  expect(middleWithin(500, '28 Oct', 500)).toBeLessThan(500 - 6 * 3);
});

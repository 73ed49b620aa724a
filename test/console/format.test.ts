import { expect, test } from 'vitest';
import { formatAmount, formatBytes, formatDuration, formatShare, runTime } from '../../console/format.ts';

/** As a person reads it: a unit stands on the line of its number. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [0, '0.0 s'],
  [18_640, '18.6 s'],
  [59_940, '59.9 s'],
  [59_970, '1 min 0 s'],
  [119_700, '2 min 0 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_600, '1 h 0 min'],
  [7_199_000, '2 h 0 min'],
])('%d ms are %s', (ms, text) => {
  expect(spaced(formatDuration(ms))).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.0004, '< 0.1 %'],
  [0.0034, '0.3 %'],
  [0.0994, '9.9 %'],
  [0.0996, '10 %'],
  [0.391, '39 %'],
  [0.994, '99 %'],
  [216 / 217, '99.5 %'],
  [0.9996, '> 99.9 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, text) => {
  expect(spaced(formatShare(share))).toBe(text);
});

test.each([
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_940, '999.9 kB'],
  [999_960, '1.0 MB'],
  [999_960_000, '1.0 GB'],
  [2_345_000_000, '2.3 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(spaced(formatBytes(bytes))).toBe(text);
});

test('no unit wraps to the next line alone', () => {
  for (const text of [formatShare(0.4), formatShare(0.0001), formatBytes(1_000), formatDuration(1_000)]) {
    expect(text).not.toMatch(/ /);
  }
});

test.each([
  [0, '0 rows were'],
  [1, '1 row was'],
  [1_234, '1,234 rows were'],
])('%d: %s', (n, text) => {
  expect(formatAmount(n, 'row was', 'rows were')).toBe(text);
});

test('most nouns take an s', () => {
  expect([1, 2].map((n) => formatAmount(n, 'product'))).toEqual(['1 product', '2 products']);
});

test('two runs of one minute have two names', () => {
  expect(runTime('20261126T061749788Z-60a89f53')).toBe('26 Nov 2026, 06:17:49 UTC');
  expect(runTime('20261126T061712003Z-60a89f53')).toBe('26 Nov 2026, 06:17:12 UTC');
});

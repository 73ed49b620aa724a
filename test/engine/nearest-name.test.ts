import { expect, test } from 'vitest';
import { nearestName } from '../../engine/nearest-name.ts';

const KNOWN = ['count', 'strategy', 'seed', 'strict', 'explain', 'excludeViewed'];

test.each([
  ['cuont', 'count'],
  ['cnt', 'count'],
  ['Count', 'count'],
  ['strtegy', 'strategy'],
  ['exclude_viewed', 'excludeViewed'],
  ['explian', 'explain'],
  ['strct', 'strict'],
])('takes %j for %j', (name, meant) => {
  expect(nearestName(name, KNOWN)).toBe(meant);
});

test.each(['', 'x', 'limit', 'page', 'n', '__proto__', 'c'.repeat(100_000)])('takes %j for nothing', (name) => {
  expect(nearestName(name, KNOWN)).toBeUndefined();
  expect(nearestName(name, [])).toBeUndefined();
});

import { expect, test } from 'vitest';
import { ConditionCache } from '../../../engine/catalogue/condition-cache.ts';
import { Bitset } from '../../../engine/numeric/bitset.ts';

const ROWS = 32_000;

test('computes a condition once', () => {
  const cache = new ConditionCache();
  let computed = 0;
  const get = () =>
    cache.get('brand:Acme', () => {
      computed++;
      return new Bitset(ROWS);
    });
  expect(get()).toBe(get());
  expect(computed).toBe(1);
});

test('holds no more than its bytes, and lets go of what was not asked for the longest time', () => {
  // Each set takes 4,000 bytes, its key and its entry some 200 more.
  const cache = new ConditionCache(20_000);
  const computed: string[] = [];
  const get = (key: string) =>
    cache.get(key, () => {
      computed.push(key);
      return new Bitset(ROWS);
    });
  for (const key of ['a', 'b', 'c', 'd', 'a', 'e', 'f']) get(key);
  expect(cache.size).toBe(4);
  expect(computed).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  get('a');
  get('b');
  expect(computed).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'b']);
});

test('a set that does not fit is answered all the same', () => {
  const cache = new ConditionCache(100);
  expect(cache.get('a', () => new Bitset(ROWS)).length).toBe(ROWS);
  expect(cache.size).toBe(0);
});

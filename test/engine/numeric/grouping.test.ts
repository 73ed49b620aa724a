import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupItems, offsetsOf } from '../../../engine/numeric/grouping.ts';

test('groups items, ascending inside a group, and an empty group has none', () => {
  const { offsets, items } = groupItems([2, 0, 2, 3, 0], 5);

  expect([...offsets]).toEqual([0, 2, 2, 4, 5, 5]);
  expect([...items]).toEqual([1, 4, 0, 2, 3]);
});

test('holds each item once, in its own group', () => {
  const groupCounts = fc.integer({ min: 1, max: 20 });
  const cases = groupCounts.chain((groupCount) =>
    fc.tuple(fc.constant(groupCount), fc.array(fc.nat({ max: groupCount - 1 }), { maxLength: 100 })),
  );
  fc.assert(
    fc.property(cases, ([groupCount, groupOf]) => {
      const { offsets, items } = groupItems(Uint32Array.from(groupOf), groupCount);
      const groups = Array.from({ length: groupCount }, (_, g) => [...items.subarray(offsets[g], offsets[g + 1])]);

      expect(groups).toEqual(
        Array.from({ length: groupCount }, (_, g) => [...groupOf.keys()].filter((item) => groupOf[item] === g)),
      );
    }),
  );
});

test('parts start where the one before ends', () => {
  expect([...offsetsOf([3, 0, 2])]).toEqual([0, 3, 3, 5]);
  expect([...offsetsOf([])]).toEqual([0]);
});

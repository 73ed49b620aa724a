import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderByNearness } from '../../../engine/k-means/centroid-order.ts';

test('every centroid stands once in the order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 1, maxLength: 60 }), (centroids) => {
      const order = orderByNearness(centroids, 8);
      expect(order.toSorted((a, b) => a - b)).toEqual(centroids.map((_, c) => c));
    }),
  );
});

test('neighbours share a group', () => {
  // GIVEN four far corners with eight centroids each, dealt out in turn
  const centroids = Array.from({ length: 32 }, (_, i) => [(i & 1) * 100 + (i >> 2), (i & 2) * 100 + (i >> 2)]);

  const order = orderByNearness(centroids, 8);

  for (let group = 0; group < 4; group++) {
    const corners = order.slice(group * 8, group * 8 + 8).map((centroid) => centroid & 3);
    expect(new Set(corners).size).toBe(1);
  }
});

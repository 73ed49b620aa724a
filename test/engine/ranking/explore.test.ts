import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explore } from '../../../engine/ranking/explore.ts';
import type { RankedProduct } from '../../../engine/ranking/ranked-product.ts';

const from = (source: RankedProduct['source']) => (product: number) => ({ product, score: 0, source });
const known = (...products: number[]) => products.map(from('model'));
const unseen = (...products: number[]) => products.map(from('attributes'));
const products = (list: readonly RankedProduct[]) => list.map(({ product }) => product);
/** Products of the same last digit are variants. */
const byLastDigit = Int32Array.from({ length: 200 }, (_, product) => product % 10);

describe('explore', () => {
  test('fills a list that is too short, then takes the last places that are not pinned', () => {
    const list = [...known(0, 1), from('pinned')(2)];
    expect(products(explore(list, unseen(100, 101), { count: 4, places: 1 }))).toEqual([0, 1, 2, 100]);
    expect(products(explore(list, unseen(100, 101), { count: 4, places: 2 }))).toEqual([0, 100, 2, 101]);
    expect(products(explore(list, unseen(100), { count: 3, places: 2 }))).toEqual([0, 100, 2]);
    expect(explore(list, [], { count: 4, places: 2 })).toEqual(list);
  });

  test('never shows two variants where fewer are found than there are places', () => {
    const asked = { count: 4, places: 2, variantGroups: byLastDigit };
    // With both places given up 102 would be let in, in place of 3: beside its variant 2.
    expect(products(explore(known(0, 1, 2, 3), unseen(102), asked))).toEqual([0, 1, 2, 3]);
    expect(products(explore(known(0, 1, 2, 3), unseen(103), asked))).toEqual([0, 1, 2, 103]);
    expect(products(explore(known(0, 1, 2, 3), unseen(102, 112, 105), asked))).toEqual([0, 1, 102, 105]);
  });

  test('keeps limits where it takes a place, and fills up even against them', () => {
    // At most one of the even and one of the odd products among the first two, three or four places.
    const limited = (first: number) => ({
      count: 4,
      places: 2,
      limits: [{ most: 1, first, groupsOf: (product: number) => [product % 2] }],
    });
    const candidates = unseen(100, 102, 104, 103);
    expect(products(explore(known(0, 1, 2, 3), candidates, limited(2)))).toEqual([0, 1, 100, 102]);
    expect(products(explore(known(0, 1, 2, 3), candidates, limited(3)))).toEqual([0, 1, 2, 100]);
    expect(products(explore(known(0, 1, 2, 3), candidates, limited(4)))).toEqual([0, 1, 2, 3]);
    expect(products(explore(known(0, 1), candidates, limited(4)))).toEqual([0, 1, 100, 102]);
    expect(products(explore(known(0), candidates, limited(4)))).toEqual([0, 103, 100]);
  });

  test('whatever the candidates: one of a group, in the last places, and no shorter than before', () => {
    const some = (min: number) => fc.uniqueArray(fc.integer({ min, max: min + 49 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        some(0),
        some(100),
        fc.nat(6),
        fc.nat(3),
        fc.nat(9),
        fc.nat(8),
        (ids, others, places, free, pin, first) => {
          const list = [...new Map(ids.map((id) => [id % 10, id])).values()].map((id, i) =>
            from(i === pin ? 'pinned' : 'model')(id),
          );
          const count = list.length + free;
          const groupOf = (product: number) => product % 3;
          const limits = [{ most: 1, first, groupsOf: (product: number) => [groupOf(product)] }];
          const found = explore(list, unseen(...others), { count, places, variantGroups: byLastDigit, limits });
          expect(new Set(products(found).map((product) => product % 10)).size).toBe(found.length);
          expect(found.length).toBeGreaterThanOrEqual(list.length);
          expect(found.length).toBeLessThanOrEqual(count);
          const explored = found.flatMap(({ source }, i) => (source === 'attributes' ? i : []));
          expect(explored.length).toBeLessThanOrEqual(places);
          expect(found.slice(explored[0] ?? count).filter(({ source }) => source === 'model')).toEqual([]);
          for (const i of explored.filter((i) => i < Math.min(first, list.length))) {
            const beside = [
              ...found.slice(0, i),
              ...found.slice(i + 1, first).filter(({ source }) => source === 'pinned'),
            ];
            expect(products(beside).map(groupOf)).not.toContain(groupOf(found[i].product));
          }
          if (pin < list.length) expect(found[pin]).toEqual(list[pin]);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countProductPairs, type ProductPairs } from '../../../engine/serving-index/product-pairs.ts';
import { sessionsOf } from '../ranking/example-index.ts';

const [a, b, c] = [0, 1, 2];

function rowOf(pairs: ProductPairs, product: number) {
  const row: Record<number, Record<string, number>> = {};
  for (let i = pairs.offsets[product]; i < pairs.offsets[product + 1]; i++) {
    row[pairs.products[i]] = {
      next: pairs.next[i],
      following: pairs.following[i],
      together: pairs.together[i],
      nearby: pairs.nearby[i],
    };
  }
  return row;
}

describe('product pairs', () => {
  test('the row of a in the sessions a b a c and b c', () => {
    const row = rowOf(
      countProductPairs(
        sessionsOf([
          [a, b, a, c],
          [b, c],
        ]),
        3,
        10,
      ),
      a,
    );
    // Session 0 of 2 has age 1: each weight is r = 2^(-1/2).
    // From the first a: b at 1, a at 2, c at 3. From the second a: c at 1; backward, at half, b at 1 and a at 2.
    const r = 2 ** -0.5;
    const sum = r * (1.5 + 0.75 + 4 / 3);
    const normal = (sum + 3) ** 0.5 * 3 ** 0.2; // each product has 2 views
    const expected = {
      [a]: { next: 0, following: 1 / 2, together: 0, nearby: (0.75 * r) / normal },
      [b]: { next: 1, following: 1, together: 1, nearby: (1.5 * r) / normal },
      [c]: { next: 1, following: 1 / 3 + 1, together: 1, nearby: ((4 / 3) * r) / normal },
    };
    for (const other of [a, b, c]) {
      for (const [name, value] of Object.entries(expected[other])) expect(row[other][name]).toBeCloseTo(value, 6);
    }
  });

  test('one session adds a bounded weight, however often it goes back and forth', () => {
    const pingPong = (times: number) => sessionsOf([Array.from({ length: times }, () => [a, b]).flat()]);
    const row = rowOf(countProductPairs(pingPong(500), 2, 10), a);
    expect(row[b]).toMatchObject({ next: 3, together: 1 });
    expect(row).toEqual(rowOf(countProductPairs(pingPong(3), 2, 10), a));
    const refreshes = rowOf(countProductPairs(sessionsOf([Array.from({ length: 500 }, () => a)]), 1, 10), a);
    expect(refreshes[a]).toMatchObject({ next: 1, following: 1 });
  });

  test('an immediate repeat is followed by itself', () => {
    expect(rowOf(countProductPairs(sessionsOf([[a, a, b]]), 2, 10), a)[a]['next']).toBe(1);
  });

  test("a crawler's session of more than 1,000 views pairs only what is near", () => {
    const crawl = (views: number) => [a, ...Array.from({ length: views - 2 }, () => b), c];
    expect(rowOf(countProductPairs(sessionsOf([crawl(1_000)]), 3, 10), a)[c]['together']).toBe(1);
    expect(rowOf(countProductPairs(sessionsOf([crawl(1_001)]), 3, 10), a)[c]).toBeUndefined();
  });

  test('keeps the best pairs of a row by nearby, in product order', () => {
    const all = rowOf(
      countProductPairs(
        sessionsOf([
          [a, b, a, c],
          [b, c],
        ]),
        3,
        10,
      ),
      a,
    );
    const two = rowOf(
      countProductPairs(
        sessionsOf([
          [a, b, a, c],
          [b, c],
        ]),
        3,
        2,
      ),
      a,
    );
    expect(two).toEqual({ [b]: all[b], [c]: all[c] });
  });

  test('agrees with counting over all pairs of positions', () => {
    const session = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(fc.array(session, { maxLength: 8 }), (sessions) => {
        const pairs = countProductPairs(sessionsOf(sessions), 6, 6);
        for (let from = 0; from < 6; from++) {
          const row = rowOf(pairs, from);
          for (let to = 0; to < 6; to++) {
            const expected = bruteForce(sessions, from, to);
            for (const [name, value] of Object.entries(expected)) {
              expect(row[to]?.[name] ?? 0).toBeCloseTo(value, 4);
            }
          }
        }
      }),
    );
  });
});

/** Of a session three visits to a product count, and of a visit two views. */
function countsAt(session: number[], i: number): boolean {
  const isSame = (j: number) => session[j] === session[i];
  const visits = session.slice(0, i + 1).filter((_, j) => isSame(j) && !(j > 0 && isSame(j - 1))).length;
  return visits <= 3 && !(i > 1 && isSame(i - 1) && isSame(i - 2));
}

function bruteForce(sessions: number[][], from: number, to: number) {
  let next = 0;
  let following = 0;
  let together = 0;
  for (const session of sessions) {
    if (from !== to && session.includes(from) && session.includes(to)) together++;
    for (const [i, x] of session.entries()) {
      for (const [j, y] of session.entries()) {
        if (x !== from || y !== to || !countsAt(session, i) || !countsAt(session, j)) continue;
        if (j === i + 1) next++;
        if (j > i && j - i <= 10) following += 1 / (j - i);
      }
    }
  }
  return { next, following, together };
}

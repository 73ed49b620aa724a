import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countProductPairs, type ProductPairs } from '../../../engine/serving-index/product-pairs.ts';
import { sessionsOf, weightedSessionsOf } from '../ranking/example-index.ts';

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

describe('pairs of weighted events', () => {
  test('the row of a in the session a, b, b bought, c put into the cart', () => {
    const session: [number, number][] = [
      [a, 1],
      [b, 1],
      [b, 5],
      [c, 3],
    ];
    const row = rowOf(countProductPairs(weightedSessionsOf([session]), 3, 10), a);
    // Both views of b count 5, at the distances 1 and 2; c counts 3 at 3.
    const sum = 5 + 5 / 2 + 3 / 3;
    const nearby = (value: number, popularity: number) => value / ((sum + 3) ** 0.5 * (popularity + 1) ** 0.2);
    const expected = {
      [b]: { next: 5, following: 7.5, together: 1, nearby: nearby(7.5, 10) },
      [c]: { next: 0, following: 1, together: 1, nearby: nearby(1, 3) },
    };
    for (const other of [b, c]) {
      for (const [name, value] of Object.entries(expected[other])) expect(row[other][name]).toBeCloseTo(value, 6);
    }
  });

  test('agree with counting over all pairs of positions', () => {
    const session = fc.array(fc.tuple(fc.nat(4), fc.constantFrom(1, 3, 5)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(session, { maxLength: 6 }), (sessions) => {
        const pairs = countProductPairs(weightedSessionsOf(sessions), 5, 5);
        for (let from = 0; from < 5; from++) {
          const row = rowOf(pairs, from);
          for (let to = 0; to < 5; to++) {
            const expected = weightedBruteForce(sessions, from, to);
            for (const [name, value] of Object.entries(expected)) {
              expect(row[to]?.[name] ?? 0).toBeCloseTo(value, 4);
            }
          }
        }
      }),
    );
  });

  test('with equal weights are those without, times the weight', () => {
    const sessions = sessionsOf([
      [a, b, a, c],
      [b, b, c],
    ]);
    const weights = new Float32Array(sessions.views.length).fill(2);
    const plain = countProductPairs(sessions, 3, 10);
    const twice = countProductPairs({ ...sessions, weights }, 3, 10);
    expect([...twice.next]).toEqual([...plain.next].map((count) => 2 * count));
    expect([...twice.following]).toEqual([...plain.following].map((count) => 2 * count));
    expect(twice.together).toEqual(plain.together);
  });
});

function weightedBruteForce(sessions: [number, number][][], from: number, to: number) {
  const sums = { next: 0, following: 0, together: 0 };
  for (const session of sessions) {
    const products = session.map(([product]) => product);
    if (from !== to && products.includes(from) && products.includes(to)) sums.together++;
    const heard = heardPositions(session);
    const weight = Math.max(...session.filter(([product]) => product === to).map(([, w]) => w));
    for (const i of heard) {
      for (const j of heard) {
        if (products[i] !== from || products[j] !== to || j <= i) continue;
        if (j === i + 1) sums.next += weight;
        if (j - i <= 10) sums.following += weight / (j - i);
      }
    }
  }
  return sums;
}

/** Of each product the three heaviest visits, of a visit the first view and the heaviest repeat; the earlier of equals. */
function heardPositions(session: [number, number][]): number[] {
  const visits: { product: number; positions: number[] }[] = [];
  session.forEach(([product], i) => {
    if (visits.at(-1)?.product === product) visits.at(-1)!.positions.push(i);
    else visits.push({ product, positions: [i] });
  });
  const weightOf = (i: number) => session[i][1];
  const heaviest = (positions: number[]) => Math.max(...positions.map(weightOf));
  const best = (list: typeof visits) =>
    list.toSorted((x, y) => heaviest(y.positions) - heaviest(x.positions)).slice(0, 3);
  const kept = [...Map.groupBy(visits, ({ product }) => product).values()].flatMap(best);
  return kept.flatMap(({ positions: [first, ...repeats] }) => [
    first,
    ...repeats.toSorted((i, j) => weightOf(j) - weightOf(i)).slice(0, 1),
  ]);
}

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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { rankBy } from '../../../../engine/ranking/rank.ts';
import { sessionKnn } from '../../../../engine/ranking/strategies/session-knn.ts';
import { indexOf } from '../example-index.ts';

const random = seededRandom(1);
const [a, b, c, d] = [0, 1, 2, 3];

function scores(sessions: number[][], viewed: number[], weights?: number[]): Map<number, number> {
  const ranked = rankBy(indexOf(sessions, 6, undefined, weights), sessionKnn, {
    viewed,
    random,
    count: 10,
    excluded: new Set(),
  });
  return new Map(ranked.filter(({ source }) => source === 'model').map(({ product, score }) => [product, score]));
}

test('the session a b against the past sessions a c, b d, c d', () => {
  // idf is ln 3 for a and b, ln(3/2) for c and d; all lengths are 2. Newest is b (step 0), then a (step 1).
  // b d: sim = 2^(-1/3) · ln 3 / 2^.25, weight 1;   a c: sim = 2^(-2/3) · ln 3 / 2 / 2^.25, weight .9.
  const bd = (2 ** (-1 / 3) * Math.log(3)) / 2 ** 0.25;
  const ac = (2 ** (-2 / 3) * (Math.log(3) / 2)) / 2 ** 0.25;
  const root = Math.sqrt(Math.log(3 / 2));
  const found = scores(
    [
      [a, c],
      [b, d],
      [c, d],
    ],
    [a, b],
  );
  expect([...found.keys()]).toEqual([b, d, a, c]);
  expect(found.get(d)).toBeCloseTo(bd * root, 6);
  expect(found.get(c)).toBeCloseTo(ac * 0.9 * root, 6);
});

test('what a session did with a product multiplies what the session says for it', () => {
  const sessions = [
    [a, c, c],
    [b, d],
    [c, d],
  ];
  // c is viewed and then bought in the session of a.
  const found = scores(sessions, [a, b], [1, 1, 5, 1, 1, 1, 1]);
  const plain = scores(sessions, [a, b]);
  expect(found.get(c)).toBeCloseTo(5 * plain.get(c)!, 12);
  for (const product of [a, b, d]) expect(found.get(product)).toBe(plain.get(product));
});

test('a product that is in every session says nothing', () => {
  expect(
    scores(
      [
        [a, b],
        [a, c],
      ],
      [a],
    ).size,
  ).toBe(0);
});

test('the same query gives the same answer twice', () => {
  const index = indexOf(
    [
      [a, b, c],
      [b, c, d],
      [c, a],
    ],
    6,
  );
  const ask = () => rankBy(index, sessionKnn, { viewed: [c, b], random, count: 5, excluded: new Set() });
  expect(ask()).toEqual(ask());
});

test('agrees with the formula computed session by session', () => {
  const product = fc.integer({ min: 0, max: 5 });
  const session = fc.array(product, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(session, { minLength: 1, maxLength: 12 }),
      fc.array(product, { maxLength: 9 }),
      (past, viewed) => {
        const expected = bruteForce(past, viewed);
        const found = scores(past, viewed);
        for (let j = 0; j < 6; j++) expect(found.get(j) ?? 0).toBeCloseTo(expected[j], 5);
      },
    ),
  );
});

function bruteForce(past: number[][], viewed: number[]): number[] {
  const idf = (x: number) => {
    const having = past.filter((s) => s.includes(x)).length;
    return having === 0 ? 0 : Math.log(past.length / having);
  };
  const newestFirst = [...new Set(viewed.toReversed())];
  const result = [0, 0, 0, 0, 0, 0];
  for (const [s, session] of past.entries()) {
    const steps = newestFirst.map((x, step) => ({ x, step })).filter(({ x }) => session.includes(x) && idf(x) > 0);
    if (steps.length === 0) continue;
    const match = steps.reduce((sum, { x, step }) => sum + 0.5 ** step * idf(x), 0);
    const similarity = (2 ** (-(past.length - 1 - s) / past.length) / session.length ** 0.25) * match;
    for (const j of new Set(session)) result[j] += similarity * (1 - 0.1 * steps[0].step) * Math.sqrt(idf(j));
  }
  return result;
}

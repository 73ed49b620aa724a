import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { rankBy } from '../../../../engine/ranking/rank.ts';
import { sessionKnn } from '../../../../engine/ranking/strategies/session-knn.ts';
import { DEFAULT_SESSION_KNN, type SessionKnnSettings } from '../../../../engine/serving-index/session-knn-settings.ts';
import { indexOf } from '../example-index.ts';

const random = seededRandom(1);
const [a, b, c, d] = [0, 1, 2, 3];

function scores(
  sessions: number[][],
  viewed: number[],
  weights?: number[],
  settings?: SessionKnnSettings,
): Map<number, number> {
  const ranked = rankBy({ ...indexOf(sessions, 6, undefined, weights), sessionKnn: settings }, sessionKnn, {
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

const product = fc.integer({ min: 0, max: 5 });
const session = fc.array(product, { minLength: 1, maxLength: 12 });
const settings = fc.record<SessionKnnSettings>({
  decay: fc.constantFrom(0.3, 0.9),
  lengthExponent: fc.constantFrom(0, 1),
  matchPenalty: fc.constantFrom(0, 0.4),
  viewedIdfExponent: fc.constantFrom(0.5, 1.5),
  candidateIdfExponent: fc.constantFrom(0.25, 1),
  recencyExponent: fc.constantFrom(0.5, 3),
  backwardShare: fc.constantFrom(0.25, 1),
  neighbours: fc.constantFrom(2, 500),
});

test('agrees with the formula computed session by session, whatever the settings', () => {
  fc.assert(
    fc.property(
      fc.array(session, { minLength: 1, maxLength: 12 }),
      fc.array(product, { maxLength: 9 }),
      fc.option(settings, { nil: undefined }),
      (past, viewed, fitted) => {
        const expected = bruteForce(past, viewed, fitted ?? DEFAULT_SESSION_KNN);
        const found = scores(past, viewed, undefined, fitted);
        for (let j = 0; j < 6; j++) expect(found.get(j) ?? 0).toBeCloseTo(expected[j], 4);
      },
    ),
  );
});

test('indexes with the same past sessions take turns, each by its own settings', () => {
  const sessions = [
    [a, b, c],
    [b, c, d],
    [c, a],
    [d, d, b],
  ];
  const plain = indexOf(sessions, 6);
  const fitted: SessionKnnSettings = {
    ...DEFAULT_SESSION_KNN,
    lengthExponent: 1,
    candidateIdfExponent: 1,
    recencyExponent: 3,
    backwardShare: 0.25,
    neighbours: 1,
  };
  const ask = (index: typeof plain) =>
    rankBy(index, sessionKnn, { viewed: [c, b], random, count: 5, excluded: new Set() });
  const expected = [undefined, fitted].map((sessionKnn) => ask({ ...indexOf(sessions, 6), sessionKnn }));
  expect(expected[0]).not.toEqual(expected[1]);
  for (const turn of [0, 1, 0, 1])
    expect(ask({ ...plain, sessionKnn: [undefined, fitted][turn] })).toEqual(expected[turn]);
});

test('of a long session it looks at 50 views on either side of the match', () => {
  const others = Array.from({ length: 200 }, (_, i) => i + 2);
  const long = [...others.slice(0, 100), a, ...others.slice(100)];
  const index = indexOf([[a, b], long, [b, 2]], 202);
  const ranked = rankBy(index, sessionKnn, { viewed: [a], random, count: 202, excluded: new Set() });
  const scored = ranked.filter(({ source }) => source === 'model').map(({ product }) => product);
  expect(scored.sort((one, other) => one - other)).toEqual([a, b, ...others.slice(50, 150)]);
});

function bruteForce(past: number[][], viewed: number[], constants: SessionKnnSettings): number[] {
  const { decay, lengthExponent, matchPenalty, viewedIdfExponent, candidateIdfExponent, recencyExponent, neighbours } =
    constants;
  const idf = (x: number) => {
    const having = past.filter((s) => s.includes(x)).length;
    return having === 0 ? 0 : Math.log(past.length / having);
  };
  const power = (value: number, exponent: number) => (value === 0 ? 0 : value ** exponent);
  const newestFirst = [...new Set(viewed.toReversed())];
  const similar = past.flatMap((views, s) => {
    const steps = newestFirst.map((x, step) => ({ x, step })).filter(({ x }) => views.includes(x) && idf(x) > 0);
    if (steps.length === 0) return [];
    const match = steps.reduce((sum, { x, step }) => sum + decay ** step * power(idf(x), viewedIdfExponent), 0);
    const recency = 2 ** ((-(past.length - 1 - s) / past.length) * recencyExponent);
    return { views, steps, similarity: (recency / views.length ** lengthExponent) * match };
  });
  similar.sort((one, other) => other.similarity - one.similarity);
  const [last, next] = similar.slice(neighbours - 1);
  // Which of two is the better one, rounding decides.
  fc.pre(next === undefined || last.similarity > next.similarity * (1 + 1e-5));
  const result = [0, 0, 0, 0, 0, 0];
  for (const { views, steps, similarity: whole } of similar.slice(0, neighbours)) {
    const similarity = whole * Math.max(0, 1 - matchPenalty * steps[0].step);
    const add = (products: number[], side: number) => {
      for (const j of new Set(products)) result[j] += similarity * side * power(idf(j), candidateIdfExponent);
    };
    const shared = views.indexOf(steps[0].x);
    if (constants.backwardShare === 1) add(views, 1);
    else {
      add(views.slice(shared), 1);
      add(views.slice(0, shared), constants.backwardShare);
    }
  }
  return result;
}

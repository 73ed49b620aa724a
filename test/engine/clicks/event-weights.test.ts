import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../engine/clicks/build-corpus.ts';
import { pickSessions, type Sessions, sliceSessions } from '../../../engine/clicks/corpus.ts';
import { eventClasses } from '../../../engine/clicks/event-kinds.ts';
import { weightsInSession } from '../../../engine/clicks/event-weights.ts';
import { countVisits, heardSentences, heardViews, trainedOffsets } from '../../../engine/clicks/heard-views.ts';
import { sessionsOf, weightedSessionsOf } from '../ranking/example-index.ts';

const [a, b, c] = [0, 1, 2];
const PRODUCTS = 4;
const CLASSES = eventClasses({ view_item: 1, add_to_cart: 3, purchase: 5 }, undefined);

/** Sessions of (product, weight). */
const anySessions = fc.array(
  fc.array(fc.tuple(fc.nat(PRODUCTS - 1), fc.constantFrom(0.5, 1, 3, 5)), { minLength: 1, maxLength: 14 }),
  { minLength: 1, maxLength: 6 },
);

describe('what is heard of weighted events', () => {
  test('is the first view of a visit and its heaviest repeat', () => {
    const weights = [1, 1, 3, 5, 1, 1];
    const sessions = weightedSessionsOf([[a, a, a, a, a, b].map((product, i) => [product, weights[i]])]);
    expect([...heardViews(sessions, 2)]).toEqual([1, 0, 0, 1, 0, 1]);
  });

  test('are the three heaviest visits to a product, the earlier of equals', () => {
    const session: [number, number][] = [
      [a, 1],
      [b, 1],
      [a, 1],
      [b, 1],
      [a, 1],
      [b, 1],
      [a, 5],
    ];
    expect([...heardViews(weightedSessionsOf([session]), 2)]).toEqual([1, 1, 1, 1, 0, 1, 1]);
  });

  test('is what is heard without weights, where they are equal', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const plain = sessionsOf(sessions.map((session) => session.map(([product]) => product)));
        const equal = { ...plain, weights: new Float32Array(plain.views.length).fill(2) };
        expect(heardViews(equal, PRODUCTS)).toEqual(heardViews(plain, PRODUCTS));
        const doubled = countVisits(plain, PRODUCTS).map((count) => 2 * count);
        expect(countVisits(equal, PRODUCTS)).toEqual(doubled);
      }),
    );
  });
});

describe('popularity', () => {
  test('counts a visit as much as its heaviest event', () => {
    // a is viewed and put into the cart (3), b viewed (1), a bought (5), b viewed again and bought (5).
    const session: [number, number][] = [
      [a, 1],
      [a, 3],
      [b, 1],
      [a, 5],
      [b, 1],
      [b, 5],
    ];
    expect([...countVisits(weightedSessionsOf([session, [[b, 1]]]), 2)]).toEqual([3 + 5, 1 + 5 + 1]);
  });

  test('is rounded, and no product that was viewed counts nothing', () => {
    const sessions = weightedSessionsOf([
      [
        [a, 0.1],
        [b, 1.6],
      ],
    ]);
    expect([...countVisits(sessions, 3)]).toEqual([1, 2, 0]);
  });

  test('of any sessions is the sum of the three heaviest visits of each', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const expected = Array.from({ length: PRODUCTS }, (_, product) => {
          const sum = sessions.reduce((total, session) => total + heaviestVisits(session, product), 0);
          return sum === 0 ? 0 : Math.max(1, Math.round(sum));
        });
        expect([...countVisits(weightedSessionsOf(sessions), PRODUCTS)]).toEqual(expected);
      }),
    );
  });
});

function heaviestVisits(session: readonly [number, number][], product: number): number {
  const visits: number[] = [];
  session.forEach(([viewed, weight], i) => {
    if (viewed !== product) return;
    if (i > 0 && session[i - 1][0] === product) visits[visits.length - 1] = Math.max(visits.at(-1)!, weight);
    else visits.push(weight);
  });
  return visits
    .sort((x, y) => y - x)
    .slice(0, 3)
    .reduce((sum, weight) => sum + weight, 0);
}

test('beside other products a view counts as the heaviest event that its session has for the product', () => {
  const sessions = weightedSessionsOf([
    [
      [a, 1],
      [b, 1],
      [a, 3],
      [b, 5],
    ],
    [[b, 1]],
  ]);
  expect([...weightsInSession({ ...sessions, weights: sessions.weights! })]).toEqual([3, 5, 3, 5, 1]);
});

describe("Word2Vec's sentences", () => {
  const sessions = weightedSessionsOf([
    [
      [a, 0.5],
      [b, 0.5],
    ],
    [
      [b, 0.5],
      [c, 1.4],
    ],
    [
      [a, 0.5],
      [c, 100],
    ],
  ]);

  test('repeat a session as often as its heaviest event weighs, in units of the lightest, at most ten times', () => {
    const sentences = heardSentences(sessions, 3);
    const texts = Array.from({ length: sentences.offsets.length - 1 }, (_, s) =>
      [...sentences.views.subarray(sentences.offsets[s], sentences.offsets[s + 1])].join(''),
    );
    expect(texts).toEqual(['01', '12', '02', '12', '02', '12', '02', ...Array(7).fill('02')]);
  });

  test('are as many views as the time of a training is estimated by', () => {
    expect([...trainedOffsets(sessions)]).toEqual([0, 2, 2 + 3 * 2, 2 + 3 * 2 + 10 * 2]);
    const plain = sessionsOf([[a, b]]);
    expect(trainedOffsets(plain)).toBe(plain.offsets);
  });
});

describe('a corpus', () => {
  const ordered = (weights: Float32Array | undefined) => ({
    sessionNumbers: Int32Array.of(0, 0, 0, 1, 1),
    productNumbers: Int32Array.of(0, 1, 1, 0, 2),
    weights,
    sessionIds: ['x', 'y'],
    startTimesMs: undefined,
    endTimesMs: undefined,
    tiedViews: 0,
    productIds: ['A', 'B', 'C'],
    totals: { sessions: 2, products: 3 },
  });

  test('counts and numbers products by the weights, and knows carts and purchases', () => {
    const corpus = buildCorpus(ordered(Float32Array.of(1, 1, 5, 1, 3)), CLASSES);
    expect(corpus.productIds).toEqual(['B', 'C', 'A']);
    expect([...corpus.viewCounts]).toEqual([5, 3, 2]);
    expect([...corpus.views]).toEqual([2, 0, 0, 2, 1]);
    expect([...corpus.weights!]).toEqual([1, 1, 5, 1, 3]);
    expect([...corpus.kinds!]).toEqual([0, 0, 2, 0, 1]);
  });

  test('has neither weights nor kinds where all are views', () => {
    const corpus = buildCorpus(ordered(undefined), CLASSES);
    expect([corpus.weights, corpus.kinds]).toEqual([undefined, undefined]);
    expect(buildCorpus(ordered(Float32Array.of(1, 1, 2, 1, 1)), CLASSES).kinds).toBeUndefined();
  });

  test('of baskets has purchases without weights', () => {
    const { weights, kinds } = buildCorpus(ordered(undefined), eventClasses(undefined, 'instacart'));
    expect(weights).toBeUndefined();
    expect([...kinds!]).toEqual([2, 2, 2, 2, 2]);
  });

  test('that is cut or put in another order keeps the weight and the kind of each view', () => {
    const corpus = buildCorpus(ordered(Float32Array.of(1, 1, 5, 1, 3)), CLASSES);
    const of = ({ offsets, weights, kinds }: Sessions) => [[...offsets], [...weights!], [...kinds!]];
    expect(of(sliceSessions(corpus, 1, 2))).toEqual([
      [0, 2],
      [1, 3],
      [0, 1],
    ]);
    expect(of(pickSessions(corpus, [1, 0]))).toEqual([
      [0, 2, 5],
      [1, 3, 1, 1, 5],
      [0, 1, 0, 0, 2],
    ]);
  });
});

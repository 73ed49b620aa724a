import { describe, expect, it } from 'vitest';
import { comparedSessions } from '../../../engine/evaluation/compared-sessions.ts';
import { distance, driftBetween } from '../../../engine/evaluation/drift.ts';
import { driftChecks } from '../../../engine/evaluation/drift-checks.ts';
import { newestComplete, profileOf } from '../../../engine/evaluation/session-profile.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { indexPastSessions } from '../../../engine/serving-index/past-sessions.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, sessionsOf } from '../ranking/example-index.ts';

const NO_VECTORS = {
  productIds: [],
  dimensions: 1,
  vectors: new Float32Array(0),
  contextVectors: new Float32Array(0),
};

/** Sessions of product ids; an index numbers them by falling views. */
function shopOf(sessions: string[][]) {
  const counts = new Map<string, number>();
  for (const id of sessions.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const ids = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const corpus = corpusOf(
    ids,
    ids.map((id) => counts.get(id)!),
    sessions.map((session) => session.map((id) => ids.indexOf(id))),
  );
  return { corpus, index: buildServingIndex(corpus, NO_VECTORS, clustersOf([], [[0]]), 'markov') };
}

function drift(live: string[][], ours: string[][]) {
  const candidate = shopOf(ours);
  return driftBetween(shopOf(live).index, candidate.index, { shared: candidate.corpus, unseen: undefined });
}

const repeat = (sessions: string[][], times: number) => Array.from({ length: times }, () => sessions).flat();
const PATHS = repeat([['a', 'b', 'c', 'd']], 30);

describe('drift', () => {
  it('is nothing between a shop and itself', () => {
    expect(drift(PATHS, PATHS)).toMatchObject({
      keptViews: 1,
      familiarViews: 1,
      popularity: 0,
      direction: 1,
      shape: { lengths: 0, viewLengths: 0 },
      containedShare: 1,
    });
  });

  it('takes weights for no more evidence than their sessions are', () => {
    // After a, b comes a little more often than before it: by chance, whatever a view of theirs weighs.
    const sessions = [...repeat([['a', 'b']], 12), ...repeat([['b', 'a']], 6)];
    const heavy = (times: number) => {
      const { corpus } = shopOf(sessions);
      const weights = new Float32Array(corpus.views.length).fill(times);
      return buildServingIndex({ ...corpus, weights }, NO_VECTORS, clustersOf([], [[0]]), 'markov');
    };
    for (const times of [1, 100]) {
      const compared = { shared: shopOf(sessions).corpus, unseen: undefined };
      expect(driftBetween(heavy(times), heavy(times), compared).direction).toBeUndefined();
    }
  });

  it('tells an order that is reversed, and one that is lost', () => {
    expect(
      drift(
        PATHS,
        PATHS.map((session) => session.toReversed()),
      ).direction,
    ).toBe(-1);
    const both = [...PATHS, ...PATHS.map((session) => session.toReversed())];
    expect(drift(PATHS, both).direction).toBe(0);
    // Where the live model has no order itself there is nothing to tell.
    expect(drift(both, PATHS).direction).toBeUndefined();
  });

  it('weighs products by what was viewed lately: e was, f long ago', () => {
    const live = [...repeat([['f', 'g']], 200), ...repeat([['e', 'h']], 50)];
    expect(drift(live, [['e', 'h']]).keptViews).toBeGreaterThan(0.8);
    expect(drift(live, [['f', 'g']]).keptViews).toBeLessThan(0.2);
  });

  it('knows the pace at which the shop itself changes', () => {
    const { turnover } = drift([...repeat([['a', 'b']], 50), ...repeat([['a', 'c']], 50)], PATHS);
    expect(turnover).toEqual({ kept: 0.5, familiar: 0.5 });
  });

  it('names the product that has risen most', () => {
    const { risen } = drift(PATHS, [...PATHS, ...repeat([['(not set)', 'a']], 40)]);
    expect(risen).toMatchObject({ productId: '(not set)', from: 0, to: 40 / 200 });
    // Less twice √(.1 · .9 · (1/30 + 1/70)).
    expect(risen.by).toBeCloseTo(0.2 - 2 * Math.sqrt(0.09 * (1 / 30 + 1 / 70)), 10);
  });

  it('tells sessions that were merged or cut by their lengths', () => {
    const merged = Array.from({ length: 50 }, (_, i) => [...'abcdefghijklmnop'].map((id) => `${id}${i % 2}`));
    expect(drift(PATHS, merged).shape.lengths).toBeGreaterThan(0.5);
  });

  it('tells an older export by its newest sessions: the live model has seen them, and its own newest are not there', () => {
    const random = seededRandom(3);
    const sessions = Array.from({ length: 400 }, () =>
      Array.from({ length: 5 }, () => `p${Math.floor(random() * 40)}`),
    );
    const cut = drift(sessions, sessions.slice(0, 200));
    expect(cut.seenShare).toBe(1);
    expect(cut.containedShare).toBe(0);
    const grown = drift(sessions.slice(0, 200), sessions);
    expect(grown.seenShare).toBe(0);
    expect(grown.containedShare).toBe(1);
  });
});

describe('what began after the live model’s last session', () => {
  const random = seededRandom(5);
  /** Sessions of six products on a ring of 40, a step forward each time. */
  const visits = (count: number, length = 6) =>
    Array.from({ length: count }, () => {
      const start = Math.floor(random() * 40);
      return Array.from({ length }, (_, i) => `p${(start + i) % 40}`);
    });
  const LIVE = visits(2_000);
  const unseenAfter = (sessions: string[][]) => {
    const { corpus, index } = shopOf([...LIVE, ...sessions]);
    const startTimesMs = Float64Array.from(corpus.sessionIds, (_, day) => day * 86_400_000);
    const period = { from: new Date(0).toISOString(), to: new Date((LIVE.length - 1) * 86_400_000).toISOString() };
    return driftBetween(shopOf(LIVE).index, index, comparedSessions({ ...corpus, startTimesMs }, period));
  };

  it('GIVEN healthy sessions THEN nothing is found', () => {
    expect(unseenAfter(visits(150)).unseen).toEqual({
      shape: { lengths: 0, viewLengths: 0, repeatShare: { live: 0, ours: 0 } },
      direction: 1,
    });
  });

  it.each([
    ['are cut to their first two views', (sessions: string[][]) => sessions.map((session) => session.slice(0, 2))],
    [
      'hold two visitors each',
      (sessions: string[][]) => sessions.map((session) => [...session, ...session.map((id) => `${id}b`)]),
    ],
  ])('GIVEN new sessions that %s THEN their lengths tell, where those of all sessions hardly do', (_, spoil) => {
    const { shape, unseen } = unseenAfter(spoil(visits(150)));
    expect(shape.lengths).toBeLessThan(0.1);
    expect(unseen!.shape.lengths).toBeGreaterThan(0.4);
  });

  it('GIVEN new sessions in reversed order THEN their direction tells', () => {
    const { direction, unseen } = unseenAfter(visits(150).map((session) => session.toReversed()));
    expect(direction).toBeGreaterThan(0.8);
    expect(unseen!.direction).toBe(-1);
  });

  it('GIVEN another page logged before each product THEN repeats tell', () => {
    const { repeatShare } = unseenAfter(visits(150).map((session) => session.flatMap((id) => ['category', id]))).unseen!
      .shape;
    // Of the 11 steps of a session, 5 lead back to the category.
    expect(repeatShare).toEqual({ live: 0, ours: 5 / 11 });
  });

  it('GIVEN fewer than 50 of them THEN nobody tells', () => {
    expect(unseenAfter(visits(49)).unseen).toBeUndefined();
  });
});

describe('what is older than the live model’s first session', () => {
  it('GIVEN an export that reaches further back, to products that are gone, THEN it is not compared', () => {
    const old = repeat(
      [
        ['x', 'y'],
        ['y', 'z', 'x'],
      ],
      60,
    );
    const { corpus, index } = shopOf([...old, ...PATHS]);
    const startTimesMs = Float64Array.from(corpus.sessionIds, (_, day) => day * 86_400_000);
    const to = new Date((corpus.sessionIds.length - 1) * 86_400_000).toISOString();
    const period = { from: new Date(old.length * 86_400_000).toISOString(), to };
    const found = driftBetween(shopOf(PATHS).index, index, comparedSessions({ ...corpus, startTimesMs }, period));
    expect(found).toMatchObject({ familiarViews: 1, popularity: 0, shape: { lengths: 0 } });
  });
});

describe('a shop that merely grows', () => {
  /** Ten sessions a day on a ring of 40 products, popular ones more often; a third more days at the next training. */
  const sessionsOfSeed = (count: number, seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => {
      const start = Math.floor(40 * random() ** 2);
      return Array.from({ length: 2 + Math.floor(6 * random() ** 2) }, (_, i) => `p${(start + i) % 40}`);
    });
  };

  it.each([20, 40, 80, 200, 1_000])('of %i sessions passes every check', (count) => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = sessionsOfSeed(Math.ceil(count * 1.33), seed);
      for (const ours of [next, next.slice(next.length - count)]) {
        const facts = { counts: { sequences: ours.length, rows: 1 }, lineage: { previous: null, period: null } };
        const live = {
          runId: 'live',
          manifest: { ...facts, counts: { sequences: count, rows: 1 } },
          evaluation: undefined,
          drift: drift(next.slice(0, count), ours),
        };
        expect(driftChecks(facts, live).filter(({ passed }) => !passed)).toEqual([]);
      }
    }
  });
});

describe('the distance of two distributions', () => {
  it('is the total variation of large samples, and leaves out what small ones differ by anyway', () => {
    expect(distance([0.5, 0.5], [0.3, 0.7], 1e9, 1e9)).toBeCloseTo(0.2, 4);
    expect(distance([0.5, 0.5], [0.3, 0.7], 20, 20)).toBeLessThan(0.1);
  });

  it('is about zero between two samples of the same hundred products', () => {
    const random = seededRandom(11);
    const sample = (n: number) => {
      const shares = new Array<number>(100).fill(0);
      for (let i = 0; i < n; i++) shares[Math.floor(100 * random() ** 2)] += 1 / n;
      return shares;
    };
    expect(distance(sample(500), sample(300), 500, 300)).toBeLessThan(0.02);
    expect(distance(sample(500), sample(300), 1e9, 1e9)).toBeGreaterThan(0.1);
  });
});

describe('a profile of sessions', () => {
  it('counts lengths in products, by sessions and by their views, and what is viewed again', () => {
    const profile = profileOf(
      sessionsOf([
        [0, 0],
        [0, 1],
        [0, 1, 0, 1],
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ]),
    );
    expect(profile.sessions).toBe(4);
    expect(profile.lengths.slice(0, 2)).toEqual([0.5, 0.5]);
    expect(profile.viewLengths.slice(0, 2)).toEqual([6 / 14, 8 / 14]);
    expect(profile.repeatShare).toBe(2 / 10);
    // Of the two sessions of three or more products, one repeats the other.
    expect(profile.alikeShare).toBe(0.5);
  });

  it('looks back as far as an index keeps all sessions', () => {
    // Of a product that was viewed 1,500 times the newest 1,000 are kept.
    const sessions = [...repeat([['x', 'y']], 500), ...repeat([['a', 'b']], 1_500)];
    const past = indexPastSessions(sessionsOf(sessions.map((session) => session.map((id) => 'abxy'.indexOf(id)))), 4);
    expect(newestComplete(past).offsets.length - 1).toBe(1_000);
  });
});

import { describe, expect, it } from 'vitest';
import type { HeldOut } from '../../../engine/evaluation/backtest.ts';
import { compareWithLive, firstSessionAfter } from '../../../engine/evaluation/compare-with-live.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { Strategy } from '../../../engine/serving-index/strategy.ts';
import { clustersOf } from '../ranking/example-index.ts';

/** Sessions a → b → a → b …: after a comes b. `ids` are in the numbers' order. */
function indexOf(ids: string[], sessions: string[][], strategy: Strategy) {
  const offsets = Uint32Array.from([0, ...sessions.map((_, s) => sessions.slice(0, s + 1).flat().length)]);
  return buildServingIndex(
    {
      productIds: ids,
      viewCounts: Uint32Array.from(ids, (_, i) => 100 - i),
      sessionIds: sessions.map((_, s) => `s${s}`),
      startTimesMs: undefined,
      offsets,
      views: Uint32Array.from(sessions.flat(), (id) => ids.indexOf(id)),
    },
    { productIds: [], dimensions: 1, vectors: new Float32Array(0), contextVectors: new Float32Array(0) },
    clustersOf([], [[0]]),
    strategy,
  );
}

const IDS = ['a', 'b', 'c', 'd'];
const repeat = (session: string[], times: number) => Array.from({ length: times }, () => session);
/** Always c after a. */
const LATER = repeat(['a', 'c'], 60);
const heldOut: HeldOut = {
  index: indexOf(IDS, repeat(['a', 'c'], 20), 'markov'),
  later: {
    offsets: Uint32Array.from({ length: 61 }, (_, s) => 2 * s),
    views: Uint32Array.from(LATER.flat(), (id) => IDS.indexOf(id)),
  },
  sessions: { earlier: 20, heldOut: 60 },
  blendWeights: undefined,
  question: 'view',
  sessionKnn: undefined,
  reranker: undefined,
  attributes: undefined,
};

describe('comparing with the live model', () => {
  it('finds no difference between a model and itself under other numbers', () => {
    const same = indexOf(['d', 'c', 'b', 'a'], repeat(['a', 'c'], 20), 'markov');
    const { difference, sessions, positions } = compareWithLive(heldOut, 'markov', { runId: 'r', index: same }, 0, 1)!;
    expect(difference['MRR@20']).toEqual({ value: 0, low: 0, high: 0 });
    expect({ sessions, positions }).toEqual({ sessions: 60, positions: 60 });
  });

  it('measures how much better the right answer first is than second: 1 − 1/2', () => {
    // The live model saw b after a more often than c: it puts c second.
    const live = indexOf(IDS, [...repeat(['a', 'b'], 20), ...repeat(['a', 'c'], 10)], 'markov');
    const { difference } = compareWithLive(heldOut, 'markov', { runId: 'r', index: live }, 0, 1)!;
    expect(difference['MRR@20'].value).toBeCloseTo(0.5);
    expect(difference['HR@20'].value).toBe(0);
  });

  it('asks about products that both know, and says how many of the views are of such', () => {
    const live = indexOf(['a', 'b'], repeat(['a', 'b'], 20), 'markov');
    const { positions, familiarShare } = compareWithLive(heldOut, 'markov', { runId: 'r', index: live }, 0, 1)!;
    // Of a → c it knows a alone, and nothing is left to ask.
    expect({ positions, familiarShare }).toEqual({ positions: 0, familiarShare: 0.5 });
  });

  it('says how well the live model answers: b always stands before c, so c is found and second', () => {
    const live = indexOf(IDS, [...repeat(['a', 'b'], 20), ...repeat(['a', 'c'], 10)], 'markov');
    const { theirs } = compareWithLive(heldOut, 'markov', { runId: 'r', index: live }, 0, 1)!;
    expect(theirs!['HR@20'].value).toBe(1);
    expect(theirs!['MRR@20'].value).toBeCloseTo(0.5);
  });

  it('asks only about sessions that the live model has not seen, and about none when these are too few', () => {
    const live = { runId: 'r', index: heldOut.index };
    expect(compareWithLive(heldOut, 'markov', live, 10, 1)).toMatchObject({ sessions: 50 });
    expect(compareWithLive(heldOut, 'markov', live, 11, 1)).toBeNull();
  });
});

describe('the first session after a time', () => {
  it('is the first that began later, not at the same moment', () => {
    expect(firstSessionAfter(Float64Array.of(10, 20, 20, 30), 20)).toBe(3);
    expect(firstSessionAfter(Float64Array.of(10, 20), 20)).toBe(2);
    expect(firstSessionAfter(Float64Array.of(10, 20), 5)).toBe(0);
  });
});

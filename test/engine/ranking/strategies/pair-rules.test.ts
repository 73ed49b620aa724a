import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { rankBy } from '../../../../engine/ranking/rank.ts';
import type { Scorer } from '../../../../engine/ranking/scorer.ts';
import {
  coOccurrence,
  markov,
  sequentialRules,
  sessionRules,
} from '../../../../engine/ranking/strategies/pair-rules.ts';
import { indexOf } from '../example-index.ts';

const [a, b, c, d, e] = [0, 1, 2, 3, 4];
const index = indexOf(
  [
    [a, b, c],
    [a, b],
    [a, c, c],
    [d, a],
  ],
  5,
);

function scores(scorer: Scorer, viewed: number[]) {
  const ranked = rankBy(index, scorer, { viewed, random: seededRandom(1), count: 5, excluded: new Set() });
  return ranked
    .filter(({ source }) => source === 'model')
    .map(({ product, score }) => [product, Number(score.toFixed(6))]);
}

describe('pair rules look at the newest product alone', () => {
  test('markov counts what came right after', () => {
    expect(scores(markov, [d, a])).toEqual([
      [b, 2],
      [c, 1],
    ]);
    expect(scores(markov, [c])).toEqual([[c, 1]]);
  });

  test('sequential rules count what came later, by 1 / distance', () => {
    // c: 1/2 in the first session, 1 + 1/2 in the third. Equal scores: the lower product first.
    expect(scores(sequentialRules, [a])).toEqual([
      [b, 2],
      [c, 2],
    ]);
  });

  test('co-occurrence counts sessions, in either direction', () => {
    expect(scores(coOccurrence, [a])).toEqual([
      [b, 2],
      [c, 2],
      [d, 1],
    ]);
    expect(scores(coOccurrence, [d])).toEqual([[a, 1]]);
  });

  test('a product that nobody viewed has no rules', () => {
    for (const scorer of [markov, sequentialRules, coOccurrence, sessionRules]) expect(scores(scorer, [e])).toEqual([]);
  });
});

test('session rules add the rows of earlier products, each step back by .6, repeats once', () => {
  const ofA = new Map(scores(sessionRules, [a]) as [number, number][]);
  const ofB = new Map(scores(sessionRules, [b]) as [number, number][]);
  const both = new Map(scores(sessionRules, [a, b, a, b, b]) as [number, number][]);
  for (const product of [a, b, c, d]) {
    expect(both.get(product) ?? 0).toBeCloseTo((ofB.get(product) ?? 0) + 0.6 * (ofA.get(product) ?? 0), 5);
  }
});

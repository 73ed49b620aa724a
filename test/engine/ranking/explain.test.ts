import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { explain } from '../../../engine/ranking/explain.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { rerankerByName } from '../../../engine/serving-index/reranker.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { Strategy } from '../../../engine/serving-index/strategy.ts';
import { clustersOf, corpusOf } from './example-index.ts';

/** Four products, the last without a vector; a and b in one cluster, c in the other. */
const SESSIONS = [
  [0, 1, 0, 1],
  [0, 1],
  [1, 0],
  [0, 2],
  [0, 3],
];
const vectors = Float32Array.of(1, 0, 1, 0.1, 0, 1);
const index = buildServingIndex(
  corpusOf(['a', 'b', 'c', 'd'], [5, 4, 1, 1], SESSIONS),
  { productIds: ['a', 'b', 'c'], dimensions: 2, vectors, contextVectors: vectors },
  clustersOf(
    [0, 0, 1],
    [
      [1, 0],
      [0, 1],
    ],
  ),
  'blend',
);

function explained(strategy: Strategy, viewed: number[]) {
  const query = { viewed, random: seededRandom(1) };
  const ranked = rank(index, { ...query, count: 4, strategy, excluded: new Set(), excludeViewed: true });
  const explanations = explain(index, strategy, query, ranked);
  return new Map(ranked.map(({ product }, i) => [index.productIds[product], explanations[i]]));
}

describe('an explanation', () => {
  it('counts the sessions that hold both products and the views right after the viewed one', () => {
    const why = explained('markov', [0]);
    // a and b are together in the first three sessions; b follows a twice in the first and once in the second.
    expect(why.get('b')!.with).toEqual({ product: 0, sessionsTogether: 3, viewsRightAfter: 3, sameCluster: true });
    expect(why.get('c')!.with).toEqual({ product: 0, sessionsTogether: 1, viewsRightAfter: 1, sameCluster: false });
    expect(why.get('d')!.with).toMatchObject({ sameCluster: null });
  });

  it('is about the newest viewed product', () => {
    // After b comes a, once in the first session and once in the third.
    expect(explained('markov', [2, 1]).get('a')!.with).toMatchObject({ product: 1, viewsRightAfter: 2 });
  });

  it('names the strategy that was asked for', () => {
    expect(explained('markov', [0]).get('b')!.evidence).toEqual([{ from: 'markov', share: 1 }]);
  });

  it('names popularity for what the strategy had nothing to say about', () => {
    // Nothing was ever viewed after d.
    for (const { evidence } of explained('markov', [3]).values()) {
      expect(evidence).toEqual([{ from: 'popularity', share: 1 }]);
    }
  });

  it('shares the evidence of the blend out: most first, 1 in all', () => {
    const { evidence } = explained('blend', [0]).get('b')!;
    const shares = evidence.map(({ share }) => share);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(evidence.map(({ from }) => from)).toContain('markov');
  });

  it.each([
    ['is the newest product', 'seen-before'],
    ['recency in the session', 'seen-before'],
    ['cosine with the newest product', 'embedding'],
  ])('counts what the reranker says of the input "%s" as %s', (input, from) => {
    const silent = [0, 0, 0];
    const reranker = rerankerByName({ inputs: [input], units: [[1, 0, 20], silent] });
    const query = { viewed: [0], random: seededRandom(1) };
    const [first] = explain({ ...index, reranker }, 'blend', query, [{ product: 0, score: 1, source: 'model' }]);
    expect(first.evidence[0].from).toBe(from);
    // 20 of its logit alone, less the mean over the candidates, of which the others have less.
    expect(first.evidence[0].share).toBeGreaterThan(0.8);
  });

  it('has nothing to compare with where nothing known was viewed', () => {
    expect(explained('blend', []).get('a')!.with).toBeNull();
  });
});

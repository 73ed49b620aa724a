import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../engine/numeric/random.ts';
import { rank } from '../../engine/ranking/rank.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import { GOLDEN_RELEASES, type GoldenAnswer } from './releases.ts';

interface Question {
  viewed: string[];
  count: number;
  strategy?: Strategy;
  seed?: number;
  excludeViewed?: boolean;
}

/** @returns undefined for what is no question of recommendations. */
function questionOf({ method, path, body }: GoldenAnswer): Question | undefined {
  if (method === 'POST') return body as unknown as Question;
  const url = new URL(path, 'http://api');
  const productId = /^\/v1\/products\/(.+)\/recommendations$/.exec(url.pathname)?.[1];
  if (productId === undefined) return undefined;
  const { count, seed, strategy } = Object.fromEntries(url.searchParams);
  return {
    viewed: [decodeURIComponent(productId)],
    count: Number(count),
    strategy: strategy as Strategy | undefined,
    seed: Number(seed ?? 0),
  };
}

describe.each(GOLDEN_RELEASES)('the index of release $version', ({ runId, answers, read }) => {
  const index = decodeServingIndex(read('serving'), runId);
  const asked = answers
    .map((answer) => ({ ...answer, question: questionOf(answer) }))
    .filter(({ question }) => question !== undefined);

  it('answers questions of every strategy', () => {
    expect(new Set(asked.map(({ answer }) => answer['strategy'])).size).toBeGreaterThanOrEqual(8);
    expect(asked.length).toBeGreaterThanOrEqual(34);
  });

  it.each(
    asked.map(({ path, body, question, answer }) => [`${path} ${JSON.stringify(body ?? '')}`, question!, answer]),
  )(
    'is asked as before and answers as before: %s',
    (_, { viewed, count, strategy, seed = 0, excludeViewed = true }, answer) => {
      const ranked = rank(index, {
        viewed: viewed.map((id) => index.numberOf.get(id)!),
        count,
        strategy: strategy ?? index.defaultStrategy,
        excluded: new Set(),
        excludeViewed,
        random: seededRandom(seed),
      });
      const items = answer['items'] as { productId: string; rank: number; score: number; source: string }[];
      expect(ranked.map(({ product, source }) => [index.productIds[product], source])).toEqual(
        items.map(({ productId, source }) => [productId, source]),
      );
      // The last digits of Math.exp and Math.log are the machine's, and the blend's cosines are float32.
      const tolerance = (strategy ?? index.defaultStrategy) === 'blend' ? 1e-6 : 1e-12;
      ranked.forEach(({ score }, i) => {
        expect(Math.abs(score - items[i].score)).toBeLessThanOrEqual(tolerance * Math.abs(items[i].score));
      });
    },
  );
});

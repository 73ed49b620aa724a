import { describe, expect, test } from 'vitest';
import { fitBlend } from '../../../engine/evaluation/fit-blend.ts';
import { fitReranker } from '../../../engine/evaluation/fit-reranker.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { indexOf, sessionsOf } from '../ranking/example-index.ts';

const PRODUCTS = 60;
const EARLIER = 1_500;

function fit(sessions: number[][]) {
  const index = indexOf(sessions.slice(0, EARLIER), PRODUCTS);
  const { weights, choices } = fitBlend(index, sessionsOf(sessions.slice(EARLIER)))!;
  const fitted = { ...index, blendWeights: weights };
  return { index: fitted, choices, network: fitReranker(fitted, choices) };
}

/**
 * Whoever sees one of the ten most viewed products goes back to what was seen before it; whoever sees another one goes on to its
 * neighbour. What "was the product before it" is worth depends on the newest product, which is the same for all
 * candidates: weights alone cannot say that.
 */
function returningWalks(count: number): number[][] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const session = [Math.floor(random() * PRODUCTS), Math.floor(random() ** 3 * PRODUCTS)];
    for (let view = 0; view < 6; view++) {
      const newest = session[session.length - 1];
      const before = session[session.length - 2];
      session.push(newest < 10 ? before : random() < 0.5 ? (newest + 1) % PRODUCTS : Math.floor(random() * 10));
    }
    return session;
  });
}

describe('fitting the reranker', () => {
  test('finds what depends on the session, which weights alone cannot', () => {
    const { index, network } = fit(returningWalks(2_200));
    expect(network!.after).toBeGreaterThan(network!.before + 0.02);
    expect(network!.likelihoodRatio).toBeGreaterThan(1.1);
    const reranked = { ...index, reranker: network!.reranker };
    const [first] = rank(reranked, {
      viewed: [40, 3],
      count: 5,
      strategy: 'blend',
      excluded: new Set(),
      excludeViewed: false,
      random: seededRandom(1),
    });
    expect(first.product).toBe(40);
  });

  test('keeps none where nothing follows from anything', () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 2_200 }, () => Array.from({ length: 5 }, () => Math.floor(random() * PRODUCTS)));
    const { choices, network } = fit(draws);
    expect(choices.length).toBeGreaterThan(2_000);
    expect(network).toBeUndefined();
  });

  test('keeps none that answers by heart sessions that are there twice', () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: EARLIER + 200 }, () =>
      Array.from({ length: 5 }, () => Math.floor(random() * PRODUCTS)),
    );
    const { choices, network } = fit([...draws, ...draws.slice(EARLIER)]);
    expect(choices.length).toBeGreaterThan(1_000);
    expect(network).toBeUndefined();
  });

  test('keeps none of too few choices', () => {
    const { index, choices } = fit(returningWalks(2_200));
    expect(fitReranker(index, choices.slice(0, 799))).toBeUndefined();
  });

  test('is the same each time', () => {
    const { index, choices, network } = fit(returningWalks(1_800));
    expect(fitReranker(index, choices)).toEqual(network);
  });
});

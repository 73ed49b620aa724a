import { describe, expect, test } from 'vitest';
import { type BlendChoice, fitBlend } from '../../../engine/evaluation/fit-blend.ts';
import { fitReranker, trainReranker } from '../../../engine/evaluation/fit-reranker.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { BLEND_FEATURES } from '../../../engine/serving-index/blend-weights.ts';
import type { ServingIndex } from '../../../engine/serving-index/serving-index.ts';
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

/** A third of the views is of the next product, the others of any product, some more often than others. */
function wanderingWalks(count: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const session = [Math.floor(random() * PRODUCTS)];
    for (let view = 0; view < 4; view++) {
      const newest = session[session.length - 1];
      session.push(random() < 0.33 ? (newest + 1) % PRODUCTS : Math.floor(random() ** 3 * PRODUCTS));
    }
    return session;
  });
}

/** The same choice with its answer behind 64 better candidates. */
function outOfReach(index: ServingIndex, choice: BlendChoice): BlendChoice {
  const { products, features, chosen } = choice;
  const width = BLEND_FEATURES.length;
  const row = [...features.subarray(0, width)];
  const worst = [...index.blendWeights].map((weight) => (weight > 0 ? -100 : 100));
  return {
    ...choice,
    products: Uint32Array.from([...Array<number>(64).fill(products[0]), products[chosen]]),
    features: Float32Array.from([...Array.from({ length: 64 }, () => row).flat(), ...worst]),
    chosen: 64,
  };
}

const everyViewTwice = (session: number[]) => session.flatMap((product) => [product, product]);

/** As the API serves by default. */
function bestFive(index: ServingIndex, viewed: number[]): number[] {
  const ranked = rank(index, {
    viewed,
    count: 5,
    strategy: 'blend',
    excluded: new Set(),
    excludeViewed: true,
    random: seededRandom(1),
  });
  return ranked.map(({ product }) => product);
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

  test('answers sessions without repeats as with them where the clickstream has every view twice', () => {
    const { index, choices } = fit(wanderingWalks(2_000, 7).map(everyViewTwice));
    const reranked = { ...index, reranker: trainReranker(index, choices) };
    const asked = wanderingWalks(300, 8);
    const inBoth = asked.flatMap((session) => {
      const asLearned = bestFive(reranked, everyViewTwice(session));
      return bestFive(reranked, session).filter((product) => asLearned.includes(product));
    });
    // .83 where the network never learned from a session without repeats.
    expect(inBoth.length / (asked.length * 5)).toBeGreaterThan(0.86);
  });

  test('tells how many questions were compared: those whose answer it ranks', () => {
    const { index, choices } = fit(returningWalks(2_200));
    const learned = choices.length - Math.floor(choices.length / 5);
    const mixed = choices.map((choice, c) => (c >= learned && c % 3 === 0 ? outOfReach(index, choice) : choice));
    const keyOf = ({ viewed, products, chosen }: BlendChoice) => [...viewed, products[chosen]].join();
    const known = new Set(choices.slice(0, learned).map(keyOf));
    const compared = choices.filter((choice, c) => c >= learned && c % 3 !== 0 && !known.has(keyOf(choice)));
    expect(fitReranker(index, mixed)?.questions).toBe(compared.length);
  });

  test('keeps none where no answer is among the candidates that are ranked anew', () => {
    const { index, choices } = fit(returningWalks(2_200));
    const lost = choices.map((choice) => outOfReach(index, choice));
    expect(trainReranker(index, lost)).toBeUndefined();
    expect(fitReranker(index, lost)).toBeUndefined();
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

import { describe, expect, it } from 'vitest';
import { buildCorpus } from '../../../engine/clicks/build-corpus.ts';
import type { Corpus } from '../../../engine/clicks/corpus.ts';
import { leaveOutImplausible } from '../../../engine/clicks/implausible-sessions.ts';
import { backtest } from '../../../engine/evaluation/backtest.ts';
import type { TrainModel } from '../../../engine/evaluation/train-model.ts';
import { randomInteger, seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { STRATEGIES, type Strategy } from '../../../engine/serving-index/strategy.ts';
import { clustersOf } from '../ranking/example-index.ts';
import { PRODUCTS, ringShop } from './sample-shop.ts';

const SHOPPERS = 1_500;
/** What crawlers look at: the first half of the ring. */
const CRAWLED = PRODUCTS / 2;

/** Crawlers among the shoppers of a ring, spread evenly over time; each goes through the crawled products at random. */
function shopWith(crawlers: number, views: number): Corpus {
  const shop = ringShop(SHOPPERS);
  const random = seededRandom(7);
  const sessions = Array.from({ length: SHOPPERS }, (_, s) => ({
    id: `shopper ${s}`,
    products: [...shop.views.subarray(shop.offsets[s], shop.offsets[s + 1])],
  }));
  for (let crawler = 0; crawler < crawlers; crawler++) {
    const products = Array.from({ length: views }, () => randomInteger(random, CRAWLED));
    sessions.splice(Math.floor(((crawler + 0.5) * sessions.length) / crawlers), 0, {
      id: `crawler ${crawler}`,
      products,
    });
  }
  return buildCorpus(
    leaveOutImplausible({
      sessionNumbers: Int32Array.from(sessions.flatMap(({ products }, s) => products.map(() => s))),
      productNumbers: Int32Array.from(sessions.flatMap(({ products }) => products)),
      sessionIds: sessions.map(({ id }) => id),
      productIds: shop.productIds,
      startTimesMs: undefined,
      endTimesMs: undefined,
      tiedViews: 0,
      totals: { sessions: sessions.length, products: PRODUCTS },
    }).ordered,
  );
}

/** Each product has the same vector wherever it is numbered: its place on the ring. */
const train: TrainModel = async ({ productIds }) => {
  const angles = productIds.map((id) => (2 * Math.PI * Number(id.slice(1))) / PRODUCTS);
  const vectors = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  return {
    vectors: { productIds, dimensions: 2, vectors, contextVectors: vectors },
    clusters: clustersOf(
      angles.map((angle) => (angle < Math.PI ? 0 : 1)),
      [
        [0, 1],
        [0, -1],
      ],
    ),
  };
};

/** By their product's place on the ring. Those further down are as good as each other: jumps that few have made. */
async function firstAnswers(corpus: Corpus, strategy: Strategy) {
  const { vectors, clusters } = await train(corpus);
  const index = buildServingIndex(corpus, vectors, clusters, strategy);
  return Array.from({ length: PRODUCTS }, (_, place) => {
    const viewed = [index.numberOf.get(`p${place}`)!];
    const query = {
      viewed,
      count: 1,
      strategy,
      excluded: new Set<number>(),
      excludeViewed: true,
      random: seededRandom(1),
    };
    return rank(index, query).map(({ product }) => index.productIds[product]);
  });
}

const clean = shopWith(0, 0);
const measuredClean = backtest(clean, train, 1);

describe.each([
  [1, 50],
  [20, 50],
  [1, 2_000],
  [20, 2_000],
  [1, 60_000],
  [20, 60_000],
])('%d crawlers of %d views', (crawlers, views) => {
  const corpus = shopWith(crawlers, views);

  it('change no metric by more than its interval', async () => {
    const { evaluations } = await backtest(corpus, train, 1);
    for (const [name, { asServed }] of Object.entries((await measuredClean).evaluations)) {
      for (const [metric, { low, high }] of Object.entries(asServed!.gains)) {
        const { value } = evaluations[name].asServed!.gains[metric as 'MRR@20'];
        expect(value, `${metric} of ${name}`).toBeGreaterThanOrEqual(low);
        expect(value, `${metric} of ${name}`).toBeLessThanOrEqual(high);
      }
    }
  });

  /** Their answers are the same for all products, or drawn at random. */
  const NOT_OF_A_PRODUCT: ReadonlySet<string> = new Set([
    'popularity',
    'trending',
    'bought-together',
    'cluster-sample',
  ]);

  // The last one's answer is the first of the crawled ones.
  it('change no first answer about products that they did not look at', async () => {
    for (const strategy of STRATEGIES.filter((name) => !NOT_OF_A_PRODUCT.has(name))) {
      const [before, after] = [await firstAnswers(clean, strategy), await firstAnswers(corpus, strategy)];
      expect(after.slice(CRAWLED, -1), strategy).toEqual(before.slice(CRAWLED, -1));
    }
  });
});

it('crawlers that are too long for shoppers leave nothing at all', () => {
  expect(shopWith(20, 2_000)).toEqual(clean);
  expect(shopWith(1, 60_000)).toEqual(clean);
});

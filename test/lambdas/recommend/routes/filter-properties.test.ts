import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { ScoreBoard } from '../../../../engine/numeric/score-board.ts';
import { rank } from '../../../../engine/ranking/rank.ts';
import { BLEND_PARTS } from '../../../../engine/ranking/strategies/blend-features.ts';
import {
  contextQuery,
  cosine,
  inputOutput,
  sessionVector,
} from '../../../../engine/ranking/strategies/session-vector.ts';
import { BLEND_FEATURES, BLEND_PART_NAMES } from '../../../../engine/serving-index/blend-weights.ts';
import { encodeServingIndex } from '../../../../engine/serving-index/serving-index-file.ts';
import { STRATEGIES, type Strategy } from '../../../../engine/serving-index/strategy.ts';
import { walkingIndex } from '../../../engine/ranking/walking-index.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { type FeedRow, publishCatalogue } from '../../../support/published-catalogue.ts';
import { publish } from '../../../support/published-model.ts';

const PRODUCTS = 300;
const index = walkingIndex(PRODUCTS);
const chance = seededRandom(5);

interface Product {
  brand: string | undefined;
  price: number | undefined;
  soldOut: boolean;
  group: number | undefined;
  /** 0…99, evenly: `share<5` admits 5 %. */
  share: number;
}

const shop: Product[] = Array.from({ length: PRODUCTS }, () => ({
  brand: chance() < 0.1 ? undefined : `brand ${Math.floor(chance() * 6)}`,
  price: chance() < 0.1 ? undefined : Math.floor(chance() * 50),
  soldOut: chance() < 0.2,
  group: chance() < 0.5 ? undefined : Math.floor(chance() * 60),
  share: Math.floor(chance() * 100),
}));

const feed: FeedRow[] = shop.map(({ brand, price, soldOut, group, share }, product) => ({
  id: index.productIds[product],
  brand,
  price: price === undefined ? undefined : String(price),
  availability: soldOut ? 'out of stock' : 'in stock',
  item_group_id: group === undefined ? undefined : `group ${group}`,
  share: String(share),
}));

let api: ApiFixture;
beforeAll(async () => {
  api = new ApiFixture();
  await publish(api.store, 'run-1', { index: encodeServingIndex(index) });
  await publishCatalogue(api.store, feed);
});

/** A condition as text, the field it asks about, and a plain reading of it. */
interface Condition {
  text: string;
  field: string;
  passes(product: Product, query: Product): boolean;
}

const brandName = fc.integer({ min: 0, max: 6 }).map((brand) => `brand ${brand}`);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.uniqueArray(brandName, { minLength: 1, maxLength: 3 }).map((brands) => ({
    text: `brand:${brands.map((brand) => `"${brand}"`).join(',')}`,
    field: 'brand',
    passes: ({ brand }: Product) => brand !== undefined && brands.includes(brand),
  })),
  fc.constant({
    text: 'brand:@',
    field: 'brand',
    passes: ({ brand }: Product, query: Product) => brand !== undefined && brand === query.brand,
  }),
  fc.integer({ min: -1, max: 51 }).map((price) => ({
    text: `price>=${price}`,
    field: 'price',
    passes: (product: Product) => product.price !== undefined && product.price >= price,
  })),
  fc.constant({
    text: 'price<=1.5*@price',
    field: 'price',
    passes: ({ price }: Product, query: Product) =>
      price !== undefined && query.price !== undefined && price <= 1.5 * query.price,
  }),
  fc.integer({ min: 0, max: 100 }).map((share) => ({
    text: `share<${share}`,
    field: 'share',
    passes: (product: Product) => product.share < share,
  })),
  brandName.map((brand) => ({
    text: `NOT brand:"${brand}"`,
    field: 'brand',
    passes: (product: Product) => product.brand !== brand,
  })),
  fc.constant({ text: 'availability:out_of_stock', field: 'availability', passes: ({ soldOut }: Product) => soldOut }),
);

const session = fc.array(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 6 });

interface Asked {
  viewed: number[];
  filter?: string;
  relax?: string[];
  count?: number;
  strategy?: Strategy;
}

async function ask({ viewed, ...rest }: Asked) {
  const body = { viewed: viewed.map((product) => index.productIds[product]), seed: 7, count: 20, ...rest };
  const { statusCode, json } = await api.post('/v1/recommendations', body);
  expect(statusCode, json.detail).toBe(200);
  const items = json.items as { productId: string; rank: number; score: number; source: string }[];
  const products = items.map(({ productId }) => index.numberOf.get(productId)!);
  return { items, products, relaxed: json.relaxed as string[] };
}

/** What may be recommended to a session: nothing viewed, and no variant of it. */
function mayFollow(viewed: readonly number[], product: number): boolean {
  return viewed.every(
    (seen) => seen !== product && (shop[seen].group === undefined || shop[seen].group !== shop[product].group),
  );
}

function differentGroups(products: readonly number[]): number[] {
  const seen = new Set<number>();
  return products.filter((product) => {
    const { group } = shop[product];
    if (group === undefined) return true;
    if (seen.has(group)) return false;
    seen.add(group);
    return true;
  });
}

const all = Array.from({ length: PRODUCTS }, (_, product) => product);

test('whatever the filter, an answer holds only what passes or says what it gave up, unique, ranked, and as many as pass', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(condition, { minLength: 1, maxLength: 5 }),
      session,
      fc.constantFrom(...STRATEGIES),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      async (conditions, viewed, strategy, count, relaxes) => {
        const query = shop[viewed.at(-1)!];
        const fields = [...new Set(conditions.map(({ field }) => field))];
        const { items, products, relaxed } = await ask({
          viewed,
          count,
          strategy,
          filter: conditions.map(({ text }) => text).join(' AND '),
          relax: relaxes ? fields : [],
        });
        const passing = (givenUp: readonly string[]) =>
          all.filter(
            (product) =>
              mayFollow(viewed, product) &&
              (fields.includes('availability') || !shop[product].soldOut) &&
              conditions.every(({ field, passes }) => givenUp.includes(field) || passes(shop[product], query)),
          );
        const allowed = passing(relaxed);
        expect(products.every((product) => allowed.includes(product))).toBe(true);
        expect(products).toEqual(differentGroups([...new Set(products)]));
        expect(products.length).toBe(Math.min(count, differentGroups(allowed).length));
        // In the declared order, and no more than needed.
        expect(relaxed).toEqual(fields.slice(0, relaxed.length));
        const before = relaxed.slice(0, -1);
        if (relaxed.length > 0) expect(differentGroups(passing(before)).length).toBeLessThan(count);
        if (!relaxes || differentGroups(passing([])).length >= count) expect(relaxed).toEqual([]);
        expect(items.map(({ rank }) => rank)).toEqual(items.map((_, i) => i + 1));
        for (const source of ['model', 'popular']) {
          const scores = items.filter((item) => item.source === source).map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        }
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

describe.each(STRATEGIES)('%s', (strategy) => {
  test.each([1, 5, 50])(
    'at %d in 100 of the products it gives what a brute force over the whole catalogue gives',
    async (percent) => {
      await fc.assert(
        fc.asyncProperty(session, async (viewed) => {
          const passes = (product: number) => !shop[product].soldOut && shop[product].share < percent;
          const expected = differentGroups(bruteForce(strategy, viewed, passes)).slice(0, 20);
          const { products } = await ask({ viewed, strategy, filter: `share<${percent}` });
          expect(products).toEqual(expected);
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );
});

/** All of the admitted products in the order of the strategy: scored one by one, without a choice of candidates. */
function bruteForce(strategy: Strategy, viewed: readonly number[], passes: (product: number) => boolean): number[] {
  const admitted = all.filter((product) => mayFollow(viewed, product) && passes(product));
  if (strategy === 'blend') {
    // What was viewed is scored beside the others, and then left out.
    const seen = viewed.filter((product) => shop[product].group === undefined && passes(product));
    return blendOrder(
      viewed,
      [...new Set([...admitted, ...seen])].sort((a, b) => a - b),
    ).filter((product) => admitted.includes(product));
  }
  const ranked = rank(index, {
    viewed,
    strategy,
    count: PRODUCTS,
    excluded: new Set(),
    excludeViewed: false,
    random: seededRandom(7),
  });
  const byScore = ranked.filter(({ product }) => admitted.includes(product));
  // What is merely popular follows in the order of views, which is that of the numbers.
  const scored = byScore.filter(({ source }) => source !== 'popular').map(({ product }) => product);
  return [...scored, ...admitted.filter((product) => !scored.includes(product))];
}

/**
 * The blend by its definition: the shares of each part among what is admitted, similarities, habits, times the weights.
 * Candidates are what a part scores, and the 50 most viewed.
 */
function blendOrder(viewed: readonly number[], admitted: readonly number[]): number[] {
  const parts = BLEND_PART_NAMES.map((name) => {
    const board = new ScoreBoard(PRODUCTS);
    BLEND_PARTS[name](index, { viewed, random: seededRandom(7) }, board);
    return new Map(
      admitted.flatMap((product) => (board.scoreOf(product) === 0 ? [] : [[product, board.scoreOf(product)]])),
    );
  });
  const scored = new Set(parts.flatMap((part) => [...part.keys()]));
  if (scored.size === 0) return [...admitted];
  const candidates = new Set([...scored, ...admitted.slice(0, 50)]);
  const distinct = [...new Set(viewed.toReversed())];
  const context = contextQuery(index, viewed);
  const direction = sessionVector(index, viewed);
  const scoreOf = (product: number) => {
    const value = new Map<string, number>();
    parts.forEach((part, p) => {
      const score = part.get(product) ?? 0;
      const sum = [...part.values()].reduce((total, other) => total + other, 0);
      const share = score / sum;
      value.set(`log share of ${BLEND_PART_NAMES[p]}`, score === 0 ? 0 : Math.log(share + 1e-4) - Math.log(1e-4));
      value.set(`score of ${BLEND_PART_NAMES[p]} / best`, score === 0 ? 0 : score / Math.max(...part.values()));
    });
    if (context !== undefined && direction !== undefined) {
      value.set('input', inputOutput(index, context, product));
      value.set('cosine', cosine(index, direction, product) ?? 0);
    }
    value.set('log views', Math.log1p(index.viewCounts[product]));
    value.set('log recent views', Math.log1p(index.recentViews[product]));
    const habit = distinct.indexOf(product);
    const times = viewed.filter((other) => other === product).length;
    if (habit !== -1) {
      value.set(['is the newest product', 'is the product before it'][habit] ?? 'was viewed earlier', 1);
      value.set('log views in the session', Math.log1p(times));
    }
    const ofFeature = (feature: string) => value.get(feature.startsWith('input') ? 'input' : feature) ?? 0;
    return BLEND_FEATURES.reduce((sum, feature, f) => sum + index.blendWeights[f] * ofFeature(feature), 0);
  };
  const scores = new Map([...candidates].map((product) => [product, scoreOf(product)]));
  const ranked = [...candidates].sort((a, b) => scores.get(b)! - scores.get(a)! || a - b);
  return [...ranked, ...admitted.filter((product) => !candidates.has(product))];
}

/**
 * What do a filter of five conditions and ten rules cost an answer?
 *
 *     node scripts/bench/rules.ts [--sizes 20000x1000000,200000x4000000] [--queries 2000]
 *
 * Asks for 20 products after later sessions of a generated shop, by the default strategy, as the API's routes do: once
 * plainly, once with the filter, once under the rules, and once with both. Filter and rules use the query product's own
 * values, and far more query products are asked about than any cache keeps. Of each query the best of five runs, so that
 * queries are compared and not the moments when another process had the CPU.
 */
import { parseArgs } from 'node:util';
import { CatalogueBuilder } from '../../engine/catalogue/build-catalogue.ts';
import { joinCatalogue } from '../../engine/catalogue/join.ts';
import { positionsOf } from '../../engine/evaluation/positions.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { readRules } from '../../engine/rules/read-rules.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import type { LiveData } from '../../lambdas/recommend/live-data.ts';
import { recommend } from '../../lambdas/recommend/recommend.ts';
import { underRules } from '../rules/answers.ts';
import { generateShop } from './generated-index.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20000x1000000,200000x4000000' },
    queries: { type: 'string', default: '2000' },
  },
});
const RUNS = 5;
const COUNT = 20;
const LARGE = 100_000;
const FILTER =
  'availability:in_stock,preorder AND price>=0.5*@price AND price<=2*@price AND product_type:@ AND NOT brand:"brand 7"';
const common = { author: 'bench', note: 'bench' };
const RULES = {
  rules: [
    { ...common, id: 'r1', type: 'require', products: 'price>1' },
    { ...common, id: 'r2', type: 'exclude', products: 'brand:"brand 11","brand 12"' },
    { ...common, id: 'r3', type: 'exclude', products: 'price>4*@price' },
    { ...common, id: 'r4', type: 'boost', products: 'brand:@', factor: 1.5 },
    { ...common, id: 'r5', type: 'boost', products: 'colour:"colour 3"', add: 0.1 },
    { ...common, id: 'r6', type: 'bury', products: 'price<15', factor: 0.5 },
    { ...common, id: 'r7', type: 'bury', products: 'brand:"brand 20"', add: -0.2 },
    { ...common, id: 'r8', type: 'pin', product: 'PINNED', position: 3 },
    { ...common, id: 'r9', type: 'diversify', field: 'brand', most: 3, first: 10 },
    { ...common, id: 'r10', type: 'diversify', field: 'colour', most: 4, first: 10 },
  ],
};

for (const size of options.sizes.split(',')) {
  const [products, views] = size.split('x').map(Number);
  await measure(products, views);
}

async function measure(products: number, views: number): Promise<void> {
  const { index, later } = await generateShop(products, views);
  const catalogue = joinCatalogue(catalogueOf(index), index.productIds);
  const model = { version: 'bench', publishedAt: null, index, failure: undefined };
  const plain: LiveData = { model, catalogue, rules: undefined };
  const text = JSON.stringify(RULES).replace('PINNED', index.productIds[50]);
  const ruled = underRules(plain, readRules(text, 'bench'), 'bench');
  const ways: [string, LiveData, string | undefined][] = [
    ['plain', plain, undefined],
    ['filter', plain, FILTER],
    ['rules', ruled, undefined],
    ['filter and rules', ruled, FILTER],
  ];
  const questions = [...positionsOf(later, Number(options.queries))].map(({ viewed }) => viewed);
  console.log(
    `${index.productIds.length} products, ${questions.length} queries of ${new Set(questions.map((viewed) => viewed.at(-1))).size} products`,
  );
  const p99 = new Map<string, number>();
  for (const [name, data, filter] of ways) {
    const times = best(questions.map((viewed) => () => ask(data, viewed, filter)));
    const at = (share: number) => times[Math.floor(share * (times.length - 1))];
    p99.set(name, at(0.99));
    console.log(`  ${name.padEnd(18)} p50 ${at(0.5).toFixed(3)} ms  p99 ${at(0.99).toFixed(3)} ms`);
  }
  const both = p99.get('filter and rules')!;
  const above = both - p99.get('plain')!;
  const comparison = `filter of 5 conditions and 10 rules, ${products.toLocaleString('en-US')} products, p99`;
  const isLarge = products > LARGE;
  reportResult({ comparison, ours: `${both.toFixed(2)} ms`, target: atMost(both, isLarge ? 3 : 1, ' ms') });
  if (!isLarge)
    reportResult({
      comparison: `${comparison}, above the plain answer`,
      ours: `${above.toFixed(2)} ms`,
      target: atMost(above, 0.2, ' ms'),
    });
}

/** Milliseconds, ascending. */
function best(asks: readonly (() => void)[]): number[] {
  const times = asks.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < RUNS; run++) {
    asks.forEach((ask, a) => {
      const startedAt = performance.now();
      ask();
      times[a] = Math.min(times[a], performance.now() - startedAt);
    });
  }
  return times.sort((a, b) => a - b);
}

function ask(data: LiveData, viewed: readonly number[], filter: string | undefined): void {
  recommend(
    data,
    {
      viewed,
      viewedRows: viewed,
      excluded: new Set(),
      excludeViewed: true,
      includeUnavailable: false,
      relax: [],
      explore: 0,
      fields: [],
      askedIn: 'body',
      seed: 1,
      count: COUNT,
      filter,
      explain: false,
    },
    { nowMs: () => 0, newId: () => 'bench', newSeed: () => 1, onRecommended() {} },
  );
}

function catalogueOf({ productIds }: ServingIndex) {
  const random = seededRandom(1);
  const any = (count: number) => Math.floor(random() * count);
  const builder = new CatalogueBuilder(['id', 'brand', 'product_type', 'price', 'colour', 'availability']);
  for (const id of productIds) {
    const category = `Shop > Hall ${any(10)} > Shelf ${any(20)}`;
    const price = (5 + 95 * random() ** 2).toFixed(2);
    const availability = random() < 0.1 ? 'out_of_stock' : 'in_stock';
    builder.add([id, `brand ${any(50)}`, category, price, `colour ${any(12)}`, availability]);
  }
  return builder.finish('bench');
}

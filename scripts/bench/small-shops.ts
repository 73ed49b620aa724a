/**
 * Which strategy is best in a shop of 20 to 2,000 sessions: what the product serves where it cannot measure, and the
 * weights that its blend has there. Learns from so many sessions of a shop, and asks about the 300 that follow, viewed
 * products left out, in several places of each shop.
 *
 *     node scripts/bench/small-shops.ts [--data FILE] [--diginetica FILE] [--sizes 20,60,150,500,2000] [--places 3]
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Corpus } from '../../engine/clicks/corpus.ts';
import { crossValidate } from '../../engine/evaluation/cross-validate.ts';
import { summarise } from '../../engine/evaluation/evaluate.ts';
import { splitAt } from '../../engine/evaluation/split.ts';
import { tallyPositions } from '../../engine/evaluation/tally.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { scorerOf } from '../../engine/ranking/rank.ts';
import { weightsByName } from '../../engine/serving-index/blend-weights.ts';
import { buildServingIndex } from '../../engine/serving-index/serving-index.ts';
import { STRATEGIES } from '../../engine/serving-index/strategy.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { findEshopFile } from '../data/eshop-file.ts';
import { clickstream } from '../sample/clickstream.ts';
import { generateCorpus } from './generate-sessions.ts';
import { SKIPPED_MARK } from './result.ts';
import { readEshop } from './sessions.ts';

const DIGINETICA_FILE = fileURLToPath(
  new URL('../../../shared/data/diginetica/train_sessions.txt.gz', import.meta.url),
);
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    diginetica: { type: 'string', default: DIGINETICA_FILE },
    sizes: { type: 'string', default: '20,60,150,500,2000' },
    places: { type: 'string', default: '3' },
  },
});
const SIZES = options.sizes.split(',').map(Number);
const ASKED = 300;
const SEED = 1;
const FEWEST_TO_CROSS_VALIDATE = 100;
const train = modelTrainer({ ...PRESETS.tuned, workers: 1, k: 5 }, startKernelThreads);

type Shop = string[][];
const shops: Record<string, Shop> = {
  ...(existsSync(options.data) && { 'e-shop': readEshop(options.data).map(({ productIds }) => productIds) }),
  ...(existsSync(options.diginetica) && { Diginetica: readDiginetica(options.diginetica) }),
  'sample, 217 products': sampleShop(217),
  'sample, 60 products': sampleShop(60),
  'categories, 1,000 products': categoryShop(1_000, 40),
  'categories, 100 products': categoryShop(100, 8),
  'ring, 40 products': ringShop(40),
};
for (const file of [options.data, options.diginetica]) {
  if (!existsSync(file)) console.log(`${SKIPPED_MARK}a real shop: ${file} is not there`);
}

/** Row → size → [HR@20, MRR@20] of each place. */
type Figures = Map<string, Map<number, [number, number][]>>;
const perShop = new Map<string, Figures>();
for (const [name, sessions] of Object.entries(shops)) {
  const figures: Figures = new Map();
  for (const size of SIZES) await measureSize(sessions, size, figures);
  perShop.set(name, figures);
  printTable(name, figures);
}
printTable('Mean of the shops', meanOf([...perShop.values()]));

async function measureSize(sessions: Shop, size: number, figures: Figures) {
  const add = (row: string, value: [number, number]) => {
    const bySize = figures.get(row) ?? new Map<number, [number, number][]>();
    bySize.set(size, [...(bySize.get(size) ?? []), value]);
    figures.set(row, bySize);
  };
  for (let place = 0; place < Number(options.places); place++) {
    const start = Math.floor(((place + 0.5) * (sessions.length - size - ASKED)) / Number(options.places));
    const { train: earlier, later } = splitAt(corpusOf(sessions.slice(start, start + size + ASKED)), size);
    const { vectors, clusters } = await train(earlier);
    const index = buildServingIndex(earlier, vectors, clusters, 'blend');
    for (const strategy of STRATEGIES) {
      const { asServed } = summarise(tallyPositions(index, scorerOf(strategy), later, seededRandom(SEED)), SEED);
      add(strategy, [asServed.gains['HR@20'].value, asServed.gains['MRR@20'].value]);
    }
    if (size < FEWEST_TO_CROSS_VALIDATE || size >= 1_000) continue;
    const { best, blendWeights } = await crossValidate(earlier, train, SEED);
    const fitted = { ...index, blendWeights: weightsByName(Object.entries(blendWeights!)) };
    const { asServed } = summarise(tallyPositions(fitted, scorerOf(best), later, seededRandom(SEED)), SEED);
    add('chosen and fitted by cross-validation', [asServed.gains['HR@20'].value, asServed.gains['MRR@20'].value]);
  }
}

function printTable(title: string, figures: Figures) {
  console.log(`\n${title}: HR@20 / MRR@20 as served after so many sessions\n`);
  console.log(`| ${['strategy', ...SIZES.map((size) => size.toLocaleString('en-US'))].join(' | ')} |`);
  console.log(`|${'---|'.repeat(SIZES.length + 1)}`);
  for (const [row, bySize] of figures) {
    const cells = SIZES.map((size) => {
      const places = bySize.get(size);
      return places === undefined
        ? ''
        : `${three(mean(places.map(([hr]) => hr)))} / ${three(mean(places.map(([, mrr]) => mrr)))}`;
    });
    console.log(`| ${[row, ...cells].join(' | ')} |`);
  }
}

function meanOf(all: readonly Figures[]): Figures {
  const rows = [...all[0].keys()];
  return new Map(
    rows.map((row) => [
      row,
      new Map(
        SIZES.filter((size) => all[0].get(row)?.has(size)).map((size) => [
          size,
          all.map((figures): [number, number] => {
            const places = figures.get(row)!.get(size)!;
            return [mean(places.map(([hr]) => hr)), mean(places.map(([, mrr]) => mrr))];
          }),
        ]),
      ),
    ]),
  );
}

function corpusOf(sessions: Shop): Corpus {
  const productIds = [...new Set(sessions.flat())];
  const numberOf = new Map(productIds.map((id, product) => [id, product]));
  const offsets = new Uint32Array(sessions.length + 1);
  sessions.forEach((session, s) => {
    offsets[s + 1] = offsets[s] + session.length;
  });
  return {
    productIds,
    viewCounts: new Uint32Array(productIds.length),
    sessionIds: sessions.map((_, s) => `s${s}`),
    startTimesMs: undefined,
    offsets,
    views: Uint32Array.from(sessions.flat(), (id) => numberOf.get(id)!),
  };
}

function readDiginetica(path: string): Shop {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => line.split(' ')).filter(({ length }) => length > 1);
}

function sampleShop(products: number): Shop {
  const sessions = new Map<string, string[]>();
  const text = [...clickstream({ sessions: 9_000, products, seed: 5 })].join('');
  for (const row of text.split('\r\n').slice(1)) {
    const [, , , , , session, , product] = row.split(';');
    if (product !== undefined) sessions.set(session, [...(sessions.get(session) ?? []), product]);
  }
  return [...sessions.values()].filter(({ length }) => length > 1);
}

function categoryShop(products: number, categories: number): Shop {
  const { sessions, productIds } = generateCorpus({ views: 60_000, products, categories, noise: 0.2, seed: 3 });
  const { offsets, views } = sessions;
  return Array.from({ length: offsets.length - 1 }, (_, s) =>
    Array.from(views.subarray(offsets[s], offsets[s + 1]), (product) => productIds[product]),
  );
}

/** Shoppers who take the next step of a ring three times of four, else two or any. */
function ringShop(products: number): Shop {
  const random = seededRandom(11);
  return Array.from({ length: 9_000 }, () => {
    const session = [Math.floor(random() * products)];
    const length = 2 + Math.floor(-4 * Math.log(1 - random()));
    while (session.length < length) {
      const step = random() < 0.75 ? 1 : random() < 0.5 ? 2 : Math.floor(random() * products);
      session.push((session[session.length - 1] + step) % products);
    }
    return session.map((product) => `P${product}`);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function three(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}

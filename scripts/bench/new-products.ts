/**
 * How well products that nobody has viewed are recommended by their attributes: hides half of the products of the e-shop
 * file, and of a generated shop with the same columns, until the last fifth of the sessions, and asks there which new
 * product is viewed next and which known one is viewed after a new one.
 *
 *     node scripts/bench/new-products.ts [--data FILE] [--hidden 0.5]
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import { attributeFieldsOf, selectProducts } from '../../engine/attributes/attribute-fields.ts';
import { CatalogueBuilder } from '../../engine/catalogue/build-catalogue.ts';
import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { feedFormatOf } from '../../engine/catalogue/feed-formats.ts';
import type { Corpus } from '../../engine/clicks/corpus.ts';
import { fitAttributeWeights } from '../../engine/evaluation/fit-attributes.ts';
import { evaluateNewProducts, NEW_PRODUCT_RANKERS, numberNewProducts } from '../../engine/evaluation/new-products.ts';
import { splitAt } from '../../engine/evaluation/split.ts';
import { vectorTrainer } from '../../engine/evaluation/train-model.ts';
import { offsetsOf } from '../../engine/numeric/grouping.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { buildServingIndex, type ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { findEshopFile } from '../data/eshop-file.ts';
import { clickstream } from '../sample/clickstream.ts';
import { reportResult, SKIPPED_MARK } from './result.ts';
import { readEshopText } from './sessions.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: findEshopFile() ?? '' }, hidden: { type: 'string', default: '0.5' } },
});
const SEED = 1;
const HELD_OUT_SHARE = 0.2;
const TAIL_SHARE = 0.1;
const [SESSION, PRODUCT] = [5, 7];
const train = vectorTrainer({ ...PRESETS.tuned, workers: 1 }, startKernelThreads);

if (existsSync(options.data)) await measure('e-shop file', readEshopText(options.data));
else console.log(`${SKIPPED_MARK}the e-shop file: it is not there`);
await measure(
  'generated shop, 1,000 products',
  [...clickstream({ sessions: 24_000, products: 1_000, seed: 7 })].join(''),
);

async function measure(shop: string, text: string) {
  const [header, ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(';'));
  const catalogue = catalogueOf(header, rows);
  const random = seededRandom(SEED);
  const isHidden = new Set(catalogue.productIds.filter(() => random() < Number(options.hidden)));
  const sessions = sessionsOf(rows);
  const cut = Math.floor(sessions.length * (1 - HELD_OUT_SHARE));
  const earlier = corpusOf(
    sessions
      .slice(0, cut)
      .map((ids) => ids.filter((id) => !isHidden.has(id)))
      .filter((ids) => ids.length > 1),
  );
  const { train: beforeTail, later: tail } = splitAt(earlier, Math.floor(earlier.sessionIds.length * (1 - TAIL_SHARE)));
  const fitIndex = await indexOf(beforeTail);
  const fields = (ids: readonly string[]) => {
    const at = Int32Array.from(ids, (id) => catalogue.rowOf.get(id) ?? -1);
    return attributeFieldsOf(catalogue).map((field) => selectProducts(field, at));
  };
  const startedAtMs = performance.now();
  const weights = fitAttributeWeights(fitIndex, fields(fitIndex.productIds), tail, seededRandom(SEED));
  if (weights === undefined) throw new Error('too few choices to fit');
  const seconds = (performance.now() - startedAtMs) / 1000;
  const index = await indexOf(earlier);
  const whole = corpusOf(sessions);
  const later = numberNewProducts(whole, cut, index);
  const measured = evaluateNewProducts(
    index,
    later,
    fields([...index.productIds, ...later.newProductIds]),
    weights,
    SEED,
  );
  console.log(
    `\n${shop}: ${measured.newProducts} products hidden, ${index.productIds.length} known; weights fitted in ${seconds.toFixed(1)} s`,
  );
  for (const question of ['newNext', 'afterNew'] as const) {
    const figures = measured[question];
    const title = question === 'newNext' ? 'which new product comes next' : 'what comes after a new product';
    console.log(
      `  ${title}: ${figures?.questions ?? 'too few'} questions, ${figures?.candidates} candidates; weights ${Object.entries(
        question === 'newNext' ? weights.amongNew : weights.forNew,
      )
        .map(([name, weight]) => `${name} ${weight.toFixed(2)}`)
        .join(', ')}`,
    );
    if (figures === null) continue;
    for (const ranker of NEW_PRODUCT_RANKERS) {
      const [hits, reciprocals] = Object.values(figures.figures[ranker]).map(
        ({ value, low, high }) => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
      );
      console.log(`    ${ranker.padEnd(24)} HR@20 ${hits}  MRR@20 ${reciprocals}`);
    }
    const [best, ...others] = NEW_PRODUCT_RANKERS.map((ranker) => figures.figures[ranker]['HR@20']);
    const apart = others.every(({ high }) => best.low > high);
    reportResult({
      comparison: `${shop}, ${title}, HR@20 of attributes beside ${NEW_PRODUCT_RANKERS.slice(1).join(' and ')}`,
      ours: `${best.value.toFixed(3)} (${others.map(({ value }) => value.toFixed(3)).join(', ')})`,
      target: { text: 'above both, intervals apart', met: apart },
    });
  }
}

function catalogueOf(header: readonly string[], rows: readonly string[][]): Catalogue {
  const { columns, fields, rowOf } = feedFormatOf('eshop')!;
  const cells = columns.map((column) => header.indexOf(column));
  const builder = new CatalogueBuilder(fields);
  const ids = new Set<string>();
  for (const row of rows) {
    if (ids.has(row[PRODUCT])) continue;
    ids.add(row[PRODUCT]);
    builder.add(rowOf(cells.map((cell) => row[cell])));
  }
  return builder.finish('benchmark');
}

/** The file lists each session's clicks in order, and sessions by time. */
function sessionsOf(rows: readonly string[][]): string[][] {
  const sessions = new Map<string, string[]>();
  for (const row of rows) {
    const ids = sessions.get(row[SESSION]) ?? [];
    if (ids.at(-1) !== row[PRODUCT]) ids.push(row[PRODUCT]);
    sessions.set(row[SESSION], ids);
  }
  return [...sessions.values()].filter((ids) => ids.length > 1);
}

function corpusOf(sessions: readonly string[][]): Corpus {
  const counts = new Map<string, number>();
  for (const id of sessions.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const productIds = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const numberOf = new Map(productIds.map((id, number) => [id, number]));
  return {
    productIds,
    viewCounts: Uint32Array.from(productIds, (id) => counts.get(id)!),
    sessionIds: sessions.map((_, session) => String(session)),
    startTimesMs: undefined,
    offsets: offsetsOf(sessions.map((ids) => ids.length)),
    views: Uint32Array.from(sessions.flat(), (id) => numberOf.get(id)!),
  };
}

async function indexOf(corpus: Corpus): Promise<ServingIndex> {
  const vectors = await train(corpus);
  const clusters = {
    model: { centroids: [Array<number>(vectors.dimensions).fill(0)] },
    clusterOf: new Uint32Array(vectors.productIds.length),
  };
  return buildServingIndex(corpus, vectors, clusters, 'blend');
}

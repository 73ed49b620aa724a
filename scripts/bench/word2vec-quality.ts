/**
 * Are our vectors as good as gensim's? Trains both under several seeds and prints mean, lowest and highest of
 *
 *   neighbours      e-shop file, trained on April to July: how many of a product's 10 nearest, by cosine, ours and
 *                   gensim's have in common, beside what gensim's have in common with gensim's of another seed
 *   HR@20           the same vectors, tested on August: how often the next product of a session is among the 20 nearest
 *                   to the one before it
 *   same-category@10  generated corpus: how many of a product's 10 nearest are of its own category
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/word2vec-quality.ts [--data FILE] [--seeds 5] [--workers 1]
 */
import { parseArgs } from 'node:util';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { trainWord2Vec } from '../../engine/word2vec/word2vec.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { findEshopFile } from '../data/eshop-file.ts';
import { generateCorpus } from './generate-sessions.ts';
import { Gensim } from './gensim.ts';
import { mean, meanOverlap, nearestByCosine, nearestTo, normalised } from './neighbours.ts';
import { reportResult } from './result.ts';
import { corpusOf, readEshop, type Session } from './sessions.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    seeds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '1' },
  },
});
const workers = Number(options.workers);
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
const LAYER = PRESETS.layer;
const TEST_MONTH = 8;
const NEIGHBOURS = 10;

type Score = (vectors: Float32Array, dimensions: number) => number;

const gensim = new Gensim();

const eshop = readEshop(options.data);
const past = corpusOf(eshop.filter(({ month }) => month! < TEST_MONTH));
const future = eshop.filter(({ month }) => month === TEST_MONTH);
const nextItem: Score = (vectors, dimensions) => hitRate(vectors, dimensions, 20, past, future);
console.log('e-shop, HR@20 of the next product, and the neighbours in common');
const ofEshop: Record<string, Word2VecSettings> = {
  'layer (CBOW 10d)': LAYER,
  'skip-gram 32d': { ...LAYER, sg: 1, vector_size: 32, epochs: 10 },
  tuned: PRESETS.tuned,
};
for (const [name, settings] of Object.entries(ofEshop)) {
  const trained = await trainBoth(past, settings);
  compare('HR@20', name, trained, settings, nextItem);
  compareNeighbours(name, trained, settings);
}

for (const noise of [0.5, 0.8]) {
  const shop = generateCorpus({ views: 300_000, products: 5_000, categories: 100, noise, seed: 1 });
  const sameCategory: Score = (vectors, dimensions) =>
    sameCategoryShare(vectors, dimensions, NEIGHBOURS, shop.categoryOf);
  console.log(`generated, ${noise * 100} % of the views at random: same-category@10 (chance 0.010)`);
  const ofShop: Record<string, Word2VecSettings> = {
    'CBOW 32d': { ...LAYER, vector_size: 32 },
    'skip-gram 10d': { ...LAYER, sg: 1, sample: 0 },
    'skip-gram 32d': { ...LAYER, sg: 1, sample: 0, vector_size: 32 },
  };
  for (const [name, settings] of Object.entries(ofShop)) {
    const metric = `same-category@10, ${noise * 100} % noise`;
    compare(metric, name, await trainBoth(shop, settings), settings, sameCategory);
  }
}
gensim.close();

/** (seeds) vectors of each. */
interface Trained {
  ours: Float32Array[];
  theirs: Float32Array[];
}

async function trainBoth(corpus: Word2VecCorpus, settings: Word2VecSettings): Promise<Trained> {
  const trained: Trained = { ours: [], theirs: [] };
  for (const seed of seeds) {
    const { vectors } = await trainWord2Vec(corpus, { ...settings, seed, workers }, startKernelThreads);
    trained.ours.push(vectors);
    trained.theirs.push((await gensim.train(corpus, { ...settings, seed, workers })).vectors);
  }
  return trained;
}

function compare(metric: string, name: string, trained: Trained, settings: Word2VecSettings, score: Score): void {
  const scoresOf = (all: readonly Float32Array[]) => all.map((vectors) => score(vectors, settings.vector_size));
  const [ours, theirs] = [scoresOf(trained.ours), scoresOf(trained.theirs)];
  console.log(`  ${name.padEnd(18)} ours ${spread(ours)}   gensim ${spread(theirs)}`);
  const lowest = Math.min(...theirs);
  reportResult({
    comparison: `${metric}, ${name}`,
    ours: mean(ours).toFixed(4),
    peer: { name: 'gensim', figure: mean(theirs).toFixed(4), ratio: mean(ours) / mean(theirs) },
    target: { text: `≥ ${lowest.toFixed(4)}, gensim's lowest seed`, met: mean(ours) >= lowest },
  });
}

function compareNeighbours(name: string, trained: Trained, settings: Word2VecSettings): void {
  const nearestOf = (all: readonly Float32Array[]) =>
    all.map((vectors) => nearestByCosine(vectors, settings.vector_size, NEIGHBOURS));
  const [ours, theirs] = [nearestOf(trained.ours), nearestOf(trained.theirs)];
  const pairs = seeds.flatMap((_, i) => seeds.map((_, j) => [i, j] as const));
  const between = pairs.map(([i, j]) => meanOverlap(ours[i], theirs[j]));
  const within = pairs.filter(([i, j]) => i < j).map(([i, j]) => meanOverlap(theirs[i], theirs[j]));
  if (within.length === 0) return;
  console.log(
    `  ${''.padEnd(18)} neighbours in common with gensim ${spread(between)}   of gensim's seeds ${spread(within)}`,
  );
  reportResult({
    comparison: `top-${NEIGHBOURS} neighbours in common with gensim, ${name}`,
    ours: mean(between).toFixed(3),
    peer: { name: 'gensim, other seed', figure: mean(within).toFixed(3), ratio: mean(between) / mean(within) },
  });
}

function hitRate(
  vectors: Float32Array,
  dimensions: number,
  count: number,
  corpus: Word2VecCorpus,
  sessions: readonly Session[],
): number {
  const nearest = nearestByCosine(vectors, dimensions, count).map((rows) => new Set(rows));
  const numbers = new Map(corpus.productIds.map((id, number) => [id, number]));
  const hits: number[] = [];
  for (const { productIds } of sessions) {
    for (let i = 1; i < productIds.length; i++) {
      if (productIds[i] === productIds[i - 1]) continue;
      const [before, next] = [numbers.get(productIds[i - 1]), numbers.get(productIds[i])];
      hits.push(before !== undefined && next !== undefined && nearest[before].has(next) ? 1 : 0);
    }
  }
  return mean(hits);
}

/** Over about two thousand products, evenly spaced by popularity. */
function sameCategoryShare(vectors: Float32Array, dimensions: number, count: number, categoryOf: Uint32Array): number {
  const unit = normalised(vectors, dimensions);
  const step = Math.max(1, Math.floor(categoryOf.length / 2_000));
  const shares: number[] = [];
  for (let row = 0; row < categoryOf.length; row += step) {
    const query = unit.subarray(row * dimensions, (row + 1) * dimensions);
    const neighbours = nearestTo(unit, query, count, row);
    shares.push(neighbours.filter((other) => categoryOf[other] === categoryOf[row]).length / count);
  }
  return mean(shares);
}

function spread(values: number[]): string {
  return `${mean(values).toFixed(4)} (${Math.min(...values).toFixed(4)}–${Math.max(...values).toFixed(4)})`;
}

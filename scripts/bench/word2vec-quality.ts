/**
 * Are our vectors as good as gensim's? Trains both under several seeds and prints mean, lowest and highest of
 *
 *   HR@20           e-shop file, trained on April to July, tested on August: how often the next product of a session is
 *                   among the 20 nearest, by cosine, to the one before it
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
import { mean, nearestByCosine, nearestTo, normalised } from './neighbours.ts';
import { reportResult } from './result.ts';
import { corpusOf, readEshop, type Session } from './sessions.ts';
import { word2VecSettings } from './word2vec-settings.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    seeds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '1' },
  },
});
const workers = Number(options.workers);
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
const LAYER = word2VecSettings(PRESETS.layer);
const TEST_MONTH = 8;

type Score = (vectors: Float32Array, dimensions: number) => number;

const gensim = new Gensim();

const eshop = readEshop(options.data);
const past = corpusOf(eshop.filter(({ month }) => month! < TEST_MONTH));
const future = eshop.filter(({ month }) => month === TEST_MONTH);
const nextItem: Score = (vectors, dimensions) => hitRate(vectors, dimensions, 20, past, future);
console.log('e-shop, HR@20 of the next product');
await compare('HR@20', 'layer (CBOW 10d)', past, LAYER, nextItem);
await compare('HR@20', 'skip-gram 32d', past, { ...LAYER, sg: 1, vector_size: 32, epochs: 10 }, nextItem);
await compare('HR@20', 'tuned', past, word2VecSettings(PRESETS.tuned), nextItem);

for (const noise of [0.5, 0.8]) {
  const shop = generateCorpus({ views: 300_000, products: 5_000, categories: 100, noise, seed: 1 });
  const sameCategory: Score = (vectors, dimensions) => sameCategoryShare(vectors, dimensions, 10, shop.categoryOf);
  console.log(`generated, ${noise * 100} % of the views at random: same-category@10 (chance 0.010)`);
  const metric = `same-category@10, ${noise * 100} % noise`;
  await compare(metric, 'CBOW 32d', shop, { ...LAYER, vector_size: 32 }, sameCategory);
  await compare(metric, 'skip-gram 10d', shop, { ...LAYER, sg: 1, sample: 0 }, sameCategory);
  await compare(metric, 'skip-gram 32d', shop, { ...LAYER, sg: 1, sample: 0, vector_size: 32 }, sameCategory);
}
gensim.close();

async function compare(
  metric: string,
  name: string,
  corpus: Word2VecCorpus,
  settings: Word2VecSettings,
  score: Score,
): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const seed of seeds) {
    const trained = await trainWord2Vec(corpus, { ...settings, seed, workers }, startKernelThreads);
    ours.push(score(trained.vectors, settings.vector_size));
    const peer = await gensim.train(corpus, { ...settings, seed, workers });
    theirs.push(score(peer.vectors, settings.vector_size));
  }
  console.log(`  ${name.padEnd(18)} ours ${spread(ours)}   gensim ${spread(theirs)}`);
  const lowest = Math.min(...theirs);
  reportResult({
    comparison: `${metric}, ${name}`,
    ours: mean(ours).toFixed(4),
    peer: { name: 'gensim', figure: mean(theirs).toFixed(4), ratio: mean(ours) / mean(theirs) },
    target: { text: `≥ ${lowest.toFixed(4)}, gensim's lowest seed`, met: mean(ours) >= lowest },
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

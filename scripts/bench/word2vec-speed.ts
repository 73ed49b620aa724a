/**
 * How fast are our vectors trained beside gensim's, and beside word2vec.c's and pWord2Vec's where their binaries are
 * given? Alternates all on one corpus for several rounds and prints medians: million views trained a second, peak memory,
 * and the ratio. The corpora are the e-shop file and generated ones of one and of twenty million views; of the last, 32
 * dimensions, one epoch and two rounds, since gensim takes a minute for each.
 *
 *     ALIKE_PYTHON=venv/bin/python ALIKE_WORD2VEC_C=./word2vec ALIKE_PWORD2VEC=./pword2vec \
 *       node scripts/bench/word2vec-speed.ts [--data FILE] [--views 1000000,20000000] [--products 20000,200000]
 *       [--rounds 5] [--dimensions 10,32,100] [--threads 1,2] [--epochs 3]
 *
 * Ours is the whole of `trainWord2Vec`, gensim's is `train()` without its vocabulary, the binaries' is without reading
 * the text. CPU time stands beside elapsed time: on one thread it is fair on a machine that does something else as
 * well. How much two threads gain depends on how near to each other the host put the two cores. Memory is that of each
 * whole process, ours and gensim's with the corpus.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { trainWord2Vec } from '../../engine/word2vec/word2vec.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { generateCorpus } from './generate-sessions.ts';
import { Gensim } from './gensim.ts';
import { measureHere, type Usage } from './measured-process.ts';
import { missingFromPython } from './python.ts';
import { SKIPPED_MARK } from './result.ts';
import { corpusOf, readEshop } from './sessions.ts';
import { BinaryTrainer, givenBinaries } from './word2vec-binaries.ts';
import { run, type Trainer } from './word2vec-race.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    views: { type: 'string', default: '1000000,20000000' },
    products: { type: 'string', default: '20000,200000' },
    rounds: { type: 'string', default: '5' },
    dimensions: { type: 'string', default: '10,32,100' },
    threads: { type: 'string', default: '1,2' },
    epochs: { type: 'string', default: '3' },
  },
});
const numbers = (list: string) => list.split(',').map(Number);

interface Effort {
  dimensions: readonly number[];
  epochs: number;
  rounds: number;
}
const WHOLE: Effort = {
  dimensions: numbers(options.dimensions),
  epochs: Number(options.epochs),
  rounds: Number(options.rounds),
};
const LARGE_VIEWS = 10_000_000;
const ONE_EPOCH: Effort = { dimensions: [32], epochs: 1, rounds: Math.min(2, WHOLE.rounds) };

const missing = missingFromPython(['gensim']);
if (missing !== undefined) console.log(`${SKIPPED_MARK}gensim: ${missing}`);
const gensim = missing === undefined ? new Gensim() : undefined;
const binaries = givenBinaries(process.env);

console.log(`${cpus().length} CPUs (${cpus()[0].model})`);
console.log('million views/s: median of elapsed time (of CPU time), peak memory');
if (options.data !== undefined) await raceOn('e-shop', corpusOf(readEshop(options.data)), WHOLE, false);
const products = numbers(options.products);
for (const [i, views] of numbers(options.views).entries()) {
  const categories = Math.ceil(products[i] / 50);
  const corpus = generateCorpus({ views, products: products[i], categories, noise: 0.5, seed: 1 });
  await raceOn(`${views / 1e6} M views`, corpus, views < LARGE_VIEWS ? WHOLE : ONE_EPOCH, true);
}
gensim?.close();

async function raceOn(title: string, corpus: Word2VecCorpus, effort: Effort, promisesGain: boolean): Promise<void> {
  const { views, offsets } = corpus.sessions;
  const [viewCount, productCount] = [views.length, corpus.productIds.length].map((n) => n.toLocaleString('en'));
  console.log(`\n${title}: ${viewCount} views of ${productCount} products, ${offsets.length - 1} sessions`);
  const binaryTrainer = new BinaryTrainer(corpus);
  for (const sg of [1, 0] as const) {
    const trainers: Trainer[] = [
      { name: 'ours', train: (settings) => trainOurs(corpus, settings) },
      ...(gensim === undefined
        ? []
        : [{ name: 'gensim', train: (settings: Word2VecSettings) => gensim.train(corpus, settings) }]),
      ...binaries
        .filter(({ trainsCbow }) => trainsCbow || sg === 1)
        .map((binary) => ({
          name: binary.name,
          train: (settings: Word2VecSettings) => binaryTrainer.train(binary, settings),
        })),
    ];
    for (const vector_size of effort.dimensions) {
      const settings = { ...PRESETS.layer, sg, vector_size, sample: 0, epochs: effort.epochs };
      await run({
        title,
        corpus,
        trainers,
        settings,
        threadCounts: numbers(options.threads),
        rounds: effort.rounds,
        promisesGain,
      });
    }
  }
  binaryTrainer.close();
}

function trainOurs(corpus: Word2VecCorpus, settings: Word2VecSettings): Promise<Usage> {
  return measureHere(() => trainWord2Vec(corpus, settings, startKernelThreads));
}

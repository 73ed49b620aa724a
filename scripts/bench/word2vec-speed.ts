/**
 * How fast are our vectors trained beside gensim's? Alternates both on one generated corpus for several rounds and
 * prints medians: million views trained a second, and the ratio.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/word2vec-speed.ts [--views 1000000] [--products 20000]
 *       [--rounds 3] [--dimensions 10,32,100] [--threads 1] [--epochs 1]
 *       [--ours-only]
 *
 * Ours is the whole of `trainWord2Vec`, gensim's is `train()` without its vocabulary. On one thread the CPU time stands
 * beside the elapsed time: it is fair on a machine that does something else as well.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Word2VecSettings } from '../../lambdas/embed/settings.ts';
import { trainWord2Vec } from '../../lambdas/embed/word2vec.ts';
import { startKernelThreads } from '../../lambdas/shared/io/kernel-threads.ts';
import { PRESETS } from '../../lambdas/shared/training-request.ts';
import { generateCorpus } from './generate-sessions.ts';
import { Gensim } from './gensim.ts';
import { median } from './neighbours.ts';
import { word2VecSettings } from './word2vec-settings.ts';

const { values: options } = parseArgs({
  options: {
    views: { type: 'string', default: '1000000' },
    products: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    dimensions: { type: 'string', default: '10,32,100' },
    threads: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '1' },
    'ours-only': { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const epochs = Number(options.epochs);
const numbers = (list: string) => list.split(',').map(Number);

interface Timing {
  seconds: number;
  cpuSeconds: number;
}

const corpus = generateCorpus({
  views: Number(options.views),
  products: Number(options.products),
  categories: Math.ceil(Number(options.products) / 50),
  noise: 0.5,
  seed: 1,
});
const viewCount = corpus.sessions.views.length;
console.log(`${viewCount} views of ${corpus.productIds.length} products; ${cpus().length} CPUs (${cpus()[0].model})`);
console.log('million views/s: median of elapsed time (of CPU time), load average while measuring\n');

const gensim = new Gensim();
for (const sg of [1, 0] as const) {
  for (const vector_size of numbers(options.dimensions)) {
    for (const workers of numbers(options.threads)) {
      await compare({ ...word2VecSettings(PRESETS.layer), sg, vector_size, workers, sample: 0, epochs });
    }
  }
}
gensim.close();

async function compare(settings: Word2VecSettings): Promise<void> {
  const ours: Timing[] = [];
  const theirs: Timing[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timeOurs(settings));
    if (!options['ours-only']) theirs.push(await gensim.train(corpus, settings));
  }
  const name = `${settings.sg === 1 ? 'skip-gram' : 'CBOW'} ${settings.vector_size}d, ${settings.workers} thread(s)`;
  const cells = [`ours ${speeds(ours)}`];
  if (theirs.length > 0) {
    const ratio = (time: keyof Timing) => median(theirs.map((t) => t[time])) / median(ours.map((t) => t[time]));
    cells.push(`gensim ${speeds(theirs)}`, `${ratio('seconds').toFixed(1)} × (${ratio('cpuSeconds').toFixed(1)} ×)`);
  }
  console.log(`${name.padEnd(28)} ${cells.join('   ')}   load ${loadavg()[0].toFixed(1)}`);
}

async function timeOurs(settings: Word2VecSettings): Promise<Timing> {
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  await trainWord2Vec(corpus, settings, startKernelThreads);
  const cpu = process.cpuUsage(cpuStarted);
  return { seconds: (performance.now() - started) / 1e3, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
}

function speeds(timings: Timing[]): string {
  const speed = (time: keyof Timing) => ((epochs * viewCount) / median(timings.map((t) => t[time])) / 1e6).toFixed(2);
  return `${speed('seconds')} (${speed('cpuSeconds')})`;
}

/**
 * How fast are our vectors trained beside gensim's, and beside word2vec.c's and pWord2Vec's where their binaries are
 * given? Alternates all on one generated corpus for several rounds and prints medians: million views trained a second,
 * peak memory, and the ratio.
 *
 *     ALIKE_PYTHON=venv/bin/python ALIKE_WORD2VEC_C=./word2vec ALIKE_PWORD2VEC=./pword2vec \
 *       node scripts/bench/word2vec-speed.ts [--views 1000000] [--products 20000] [--rounds 5]
 *       [--dimensions 10,32,100] [--threads 1,2] [--epochs 3] [--ours-only]
 *
 * Ours is the whole of `trainWord2Vec`, gensim's is `train()` without its vocabulary, the binaries' is without reading
 * the text. CPU time stands beside elapsed time: on one thread it is fair on a machine that does something else as
 * well. Of how much two threads gain, read too how far apart their cores were: `core-distance.ts`. Memory is that of
 * each whole process, ours and gensim's with the corpus.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Word2VecSettings } from '../../lambdas/embed/settings.ts';
import { trainWord2Vec } from '../../lambdas/embed/word2vec.ts';
import { startKernelThreads } from '../../lambdas/shared/io/kernel-threads.ts';
import { PRESETS } from '../../lambdas/shared/training-request.ts';
import { nanosecondsBetweenCores } from './core-distance.ts';
import { generateCorpus } from './generate-sessions.ts';
import { Gensim } from './gensim.ts';
import { forgetPeak, type Usage, usageOf } from './measured-process.ts';
import { median } from './neighbours.ts';
import { missingFromPython } from './python.ts';
import { atLeast, reportResult } from './result.ts';
import { BinaryTrainer, givenBinaries } from './word2vec-binaries.ts';
import { word2VecSettings } from './word2vec-settings.ts';

const { values: options } = parseArgs({
  options: {
    views: { type: 'string', default: '1000000' },
    products: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    dimensions: { type: 'string', default: '10,32,100' },
    threads: { type: 'string', default: '1,2' },
    epochs: { type: 'string', default: '3' },
    'ours-only': { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const epochs = Number(options.epochs);
const numbers = (list: string) => list.split(',').map(Number);

interface Trainer {
  name: string;
  train(settings: Word2VecSettings): Promise<Usage>;
  trainsCbow: boolean;
}

/** At least so many times the peer's speed; undefined where nothing is promised. */
function targetOf(peer: string, { sg, vector_size }: Word2VecSettings): number | undefined {
  if (peer === 'gensim') return sg === 0 ? 3 : vector_size <= 32 ? 6 : 4;
  return peer === 'pWord2Vec' && vector_size === 32 ? 2 : undefined;
}
const LEAST_GAIN_OF_TWO_THREADS = 1.6;

const corpus = generateCorpus({
  views: Number(options.views),
  products: Number(options.products),
  categories: Math.ceil(Number(options.products) / 50),
  noise: 0.5,
  seed: 1,
});
const viewCount = corpus.sessions.views.length;
console.log(`${viewCount} views of ${corpus.productIds.length} products; ${cpus().length} CPUs (${cpus()[0].model})`);
console.log('million views/s: median of elapsed time (of CPU time), peak memory\n');

const missing = options['ours-only'] ? 'not asked for' : missingFromPython(['gensim']);
if (missing !== undefined && !options['ours-only']) console.log(`SKIPPED gensim: ${missing}`);
const gensim = missing === undefined ? new Gensim() : undefined;
const binaries = options['ours-only'] ? [] : givenBinaries(process.env);
const binaryTrainer = new BinaryTrainer(corpus);
const trainers: Trainer[] = [
  { name: 'ours', train: trainOurs, trainsCbow: true },
  ...(gensim === undefined
    ? []
    : [{ name: 'gensim', train: (settings: Word2VecSettings) => gensim.train(corpus, settings), trainsCbow: true }]),
  ...binaries.map((binary) => ({
    name: binary.name,
    train: (settings: Word2VecSettings) => binaryTrainer.train(binary, settings),
    trainsCbow: binary.trainsCbow,
  })),
];

const threadCounts = numbers(options.threads);
for (const sg of [1, 0] as const) {
  for (const vector_size of numbers(options.dimensions)) {
    await compare({ ...word2VecSettings(PRESETS.layer), sg, vector_size, sample: 0, epochs });
  }
}
gensim?.close();
binaryTrainer.close();

/** In a round, every trainer trains on each number of threads: so what the machine's host does meets all alike. */
async function compare(settings: Word2VecSettings): Promise<void> {
  const racing = trainers.filter(({ trainsCbow }) => trainsCbow || settings.sg === 1);
  const races = threadCounts.flatMap((workers) =>
    racing.map((trainer) => ({ trainer, settings: { ...settings, workers }, usages: [] as Usage[] })),
  );
  const distances: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const distance = await nanosecondsBetweenCores();
    if (distance !== undefined) distances.push(distance);
    for (const { trainer, settings, usages } of races) usages.push(await trainer.train(settings));
  }

  const apart = distances.length > 0 ? `, cores ${distances.map((ns) => ns.toFixed(0)).join(', ')} ns apart` : '';
  console.log(`${modelOf(settings)}, load ${loadavg()[0].toFixed(1)}${apart}`);
  for (const workers of threadCounts) {
    const [{ usages: ours, settings }, ...peers] = races.filter((race) => race.settings.workers === workers);
    console.log(`  ${threadsOf(settings).padEnd(9)} ours        ${speeds(ours)}`);
    for (const { trainer, usages } of peers) reportPeer(trainer.name, settings, ours, usages);
  }
  const [one, two] = [1, 2].map((workers) => races.find((race) => race.settings.workers === workers));
  if (one !== undefined && two !== undefined) reportThreads(two.settings, one.usages, two.usages);
}

function reportPeer(name: string, settings: Word2VecSettings, ours: readonly Usage[], theirs: readonly Usage[]): void {
  const ratio = medianOf(theirs, 'seconds') / medianOf(ours, 'seconds');
  const cpuRatio = medianOf(theirs, 'cpuSeconds') / medianOf(ours, 'cpuSeconds');
  console.log(
    `${' '.repeat(12)}${name.padEnd(11)} ${speeds(theirs)}   ${ratio.toFixed(1)} × (${cpuRatio.toFixed(1)} ×)`,
  );
  const least = targetOf(name, settings);
  reportResult({
    comparison: nameOf(settings),
    ours: `${speed(ours, 'seconds')} M views/s`,
    peer: { name, figure: `${speed(theirs, 'seconds')} M views/s`, ratio },
    ...(least !== undefined && { target: atLeast(ratio, least) }),
  });
}

function reportThreads(settings: Word2VecSettings, one: readonly Usage[], two: readonly Usage[]): void {
  const ratio = medianOf(one, 'seconds') / medianOf(two, 'seconds');
  console.log(`  ${ratio.toFixed(2)} × on two threads`);
  reportResult({
    comparison: nameOf(settings),
    ours: `${speed(two, 'seconds')} M views/s`,
    peer: { name: 'ours on one', figure: `${speed(one, 'seconds')} M views/s`, ratio },
    target: atLeast(ratio, LEAST_GAIN_OF_TWO_THREADS),
  });
}

async function trainOurs(settings: Word2VecSettings): Promise<Usage> {
  forgetPeak(process.pid);
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  await trainWord2Vec(corpus, settings, startKernelThreads);
  const cpu = process.cpuUsage(cpuStarted);
  const seconds = (performance.now() - started) / 1e3;
  return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, peakMb: usageOf(process.pid).peakMb };
}

function nameOf(settings: Word2VecSettings): string {
  return `${modelOf(settings)}, ${threadsOf(settings)}`;
}

function modelOf({ sg, vector_size }: Word2VecSettings): string {
  return `${sg === 1 ? 'skip-gram' : 'CBOW'} ${vector_size}d`;
}

function threadsOf({ workers }: Word2VecSettings): string {
  return `${workers} thread${workers === 1 ? '' : 's'}`;
}

function medianOf(usages: readonly Usage[], of: keyof Usage): number {
  return median(usages.map((usage) => usage[of] ?? Number.NaN));
}

function speed(usages: readonly Usage[], time: 'seconds' | 'cpuSeconds'): string {
  return ((epochs * viewCount) / medianOf(usages, time) / 1e6).toFixed(2);
}

function speeds(usages: readonly Usage[]): string {
  const views = `${speed(usages, 'seconds')} (${speed(usages, 'cpuSeconds')})`;
  return `${views.padEnd(14)} ${medianOf(usages, 'peakMb').toFixed(0)} MiB`;
}

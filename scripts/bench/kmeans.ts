/**
 * How fast is our K-Means beside scikit-learn's and ml-kmeans's? Alternates ours and scikit-learn's for several rounds,
 * from the same start and for 20 iterations, and prints medians, ratios and inertias. ml-kmeans's rounds come last: what
 * it leaves to the garbage collector would count in the others' time.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/kmeans.ts [--sizes 20000x32x100,200000x64x500] [--rounds 9]
 *       [--threads 1,2]
 *
 * A size is vectors × dimensions × clusters; the vectors are drawn around three centres a cluster, with a spread as
 * large as that of the centres. Ours is everything from the vectors to the fit, with starting the threads. On one thread
 * the CPU time stands beside the elapsed time: it is fair on a machine that does something else as well. ml-kmeans is
 * left out where an iteration would take it seconds.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { KMeansEngine } from '../../engine/k-means/k-means-engine.ts';
import { mlKMeansEngine } from '../../engine/k-means/ml-kmeans-engine.ts';
import { simdEngine } from '../../engine/k-means/simd-engine.ts';
import { type Random, randomInteger, seededRandom } from '../../engine/numeric/random.ts';
import { rowOf, type Vectors } from '../../engine/numeric/vectors.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { measureHere, medianUsage } from './measured-process.ts';
import { missingFromPython } from './python.ts';
import { atLeast, reportResult, SKIPPED_MARK } from './result.ts';
import { ScikitLearn, type TimedFit } from './scikit-learn.ts';

const ITERATIONS = 20;
const MOST_FOR_ML_KMEANS = 100_000_000;
/** So many more rounds of fits that take milliseconds: a neighbour on the machine's host disturbs for longer than that. */
const SMALL_FACTOR = 5;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20000x32x100,200000x64x500' },
    rounds: { type: 'string', default: '9' },
    threads: { type: 'string', default: '1,2' },
  },
});
const rounds = Number(options.rounds);

console.log(`${ITERATIONS} iterations; ${cpus().length} CPUs (${cpus()[0].model})`);
console.log('milliseconds: median of elapsed time (of CPU time)\n');
const missing = missingFromPython(['sklearn']);
if (missing !== undefined) console.log(`${SKIPPED_MARK}scikit-learn: ${missing}`);
const scikitLearn = missing === undefined ? new ScikitLearn() : undefined;
for (const size of options.sizes.split(',')) {
  const [count, dimensions, k] = size.split('x').map(Number);
  const random = seededRandom(1);
  const vectors = drawVectors(count, dimensions, 3 * k, random);
  // Open to the end, so that V8 keeps the kernel it compiled: scikit-learn is compiled beforehand.
  const engine = await simdEngine(vectors, { k, workers: 1 }, startKernelThreads);
  const start = timeStart(engine, vectors, k, random);
  for (const threads of options.threads.split(',').map(Number)) await compare(vectors, start, threads);
  await engine.close();
}
scikitLearn?.close();

async function compare(vectors: Vectors, start: readonly number[], threads: number): Promise<void> {
  const ours: TimedFit[] = [];
  const scikitLearns: TimedFit[] = [];
  const mlKMeans: TimedFit[] = [];
  const small = vectors.count * vectors.dimensions * start.length < MOST_FOR_ML_KMEANS;
  for (let round = 0; round <= (small ? SMALL_FACTOR * rounds : rounds); round++) {
    const makeEngine = () => simdEngine(vectors, { k: start.length, workers: threads }, startKernelThreads);
    ours.push(await timeFit(makeEngine, vectors, start));
    if (scikitLearn !== undefined) scikitLearns.push(await scikitLearn.fit(vectors, start, ITERATIONS, threads));
  }
  // The first round only warms up.
  ours.shift();
  scikitLearns.shift();
  if (threads === 1 && small) {
    for (let round = 0; round < rounds; round++) {
      mlKMeans.push(await timeFit(async () => mlKMeansEngine(vectors), vectors, start));
    }
  }

  console.log(`${sizeOf(vectors)}, k = ${start.length}, ${threads} thread(s), load ${loadavg()[0].toFixed(1)}`);
  for (const [name, theirs] of Object.entries({ ours, 'scikit-learn': scikitLearns, 'ml-kmeans': mlKMeans })) {
    if (theirs.length === 0) continue;
    const ratio = (time: 'seconds' | 'cpuSeconds') => (medianUsage(theirs)[time] / medianUsage(ours)[time]).toFixed(2);
    const cpu = (text: string) => (threads === 1 ? ` (${text})` : '');
    const milliseconds = (time: 'seconds' | 'cpuSeconds') => (1e3 * medianUsage(theirs)[time]).toFixed(0);
    console.log(
      `  ${name.padEnd(13)} ${milliseconds('seconds')}${cpu(milliseconds('cpuSeconds'))}`.padEnd(36),
      `${ratio('seconds')} ×${cpu(`${ratio('cpuSeconds')} ×`)}`.padEnd(20),
      `inertia ${theirs[0].inertia.toFixed(0)}`,
    );
    if (theirs !== ours) reportComparison(name, vectors, start.length, threads, ours, theirs);
  }
}

function reportComparison(
  name: string,
  vectors: Vectors,
  k: number,
  threads: number,
  ours: readonly TimedFit[],
  theirs: readonly TimedFit[],
): void {
  const milliseconds = (fits: readonly TimedFit[]) => `${(1e3 * medianUsage(fits).seconds).toFixed(0)} ms`;
  const ratio = medianUsage(theirs).seconds / medianUsage(ours).seconds;
  reportResult({
    comparison: `K-Means ${sizeOf(vectors)}, k = ${k}, ${threads} thread${threads === 1 ? '' : 's'}`,
    ours: milliseconds(ours),
    peakMb: medianUsage(ours).peakMb,
    peer: { name, figure: milliseconds(theirs), peakMb: medianUsage(theirs).peakMb, ratio },
    target: atLeast(ratio, name === 'ml-kmeans' ? 20 : 1),
  });
}

/** k-means++, timed, since a fit of ours begins with it. */
function timeStart(engine: KMeansEngine, vectors: Vectors, k: number, random: Random): number[] {
  const started = performance.now();
  const start = engine.chooseStarts(k, random);
  console.log(`${sizeOf(vectors)}, k = ${k}: k-means++ start in ${(performance.now() - started).toFixed(0)} ms`);
  return start;
}

async function timeFit(
  makeEngine: () => Promise<KMeansEngine>,
  vectors: Vectors,
  start: readonly number[],
): Promise<TimedFit> {
  const { result, ...usage } = await measureHere(async () => {
    const engine = await makeEngine();
    const centroids = start.map((row) => rowOf(vectors, row));
    const { assignment } = await engine.iterate(centroids, { max_iter: ITERATIONS, tol: 0 }, () => {});
    await engine.close();
    return assignment.inertia;
  });
  return { ...usage, inertia: result };
}

/** Centres and vectors around them, both normally distributed with variance 1. */
function drawVectors(count: number, dimensions: number, centreCount: number, random: Random): Vectors {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: centreCount * dimensions }, normal);
  const values = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    const centre = randomInteger(random, centreCount);
    for (let d = 0; d < dimensions; d++) values[i * dimensions + d] = centres[centre * dimensions + d] + normal();
  }
  return { count, dimensions, values };
}

function sizeOf({ count, dimensions }: Vectors): string {
  return `${count.toLocaleString('en')} × ${dimensions}`;
}

import { loadavg } from 'node:os';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { medianUsage, type Usage } from './measured-process.ts';
import { atLeast, reportResult } from './result.ts';

export interface Trainer {
  name: string;
  train(settings: Word2VecSettings): Promise<Usage>;
}

/** Trainers on one corpus with the same settings but for the threads. The first one is ours. */
export interface Race {
  title: string;
  corpus: Word2VecCorpus;
  trainers: readonly Trainer[];
  settings: Word2VecSettings;
  threadCounts: readonly number[];
  rounds: number;
  /** Is it promised that two threads gain? Not where a shop is so small that it is trained in a moment. */
  promisesGain: boolean;
}

interface Lane {
  trainer: Trainer;
  settings: Word2VecSettings;
  usages: Usage[];
}

const LEAST_GAIN_OF_TWO_THREADS = 1.6;

/** At least so many times the peer's speed; undefined where nothing is promised. */
function targetOf(peer: string, { sg, vector_size }: Word2VecSettings): number | undefined {
  if (peer === 'gensim') return sg === 0 ? 3 : vector_size <= 32 ? 6 : 4;
  return peer === 'pWord2Vec' && vector_size === 32 ? 2 : undefined;
}

/** In a round, every trainer trains on each number of threads: so what the machine's host does meets all alike. */
export async function run(race: Race): Promise<void> {
  const { trainers, threadCounts } = race;
  const lanes: Lane[] = threadCounts.flatMap((workers) =>
    trainers.map((trainer) => ({ trainer, settings: { ...race.settings, workers }, usages: [] })),
  );
  for (let round = 0; round < race.rounds; round++) {
    for (const { trainer, settings, usages } of lanes) usages.push(await trainer.train(settings));
  }

  console.log(`${modelOf(race.settings)}, load ${loadavg()[0].toFixed(1)}`);
  const throughput = throughputOf(race);
  for (const workers of threadCounts) {
    const [ours, ...peers] = lanes.filter(({ settings }) => settings.workers === workers);
    console.log(`  ${threadsOf(workers).padEnd(9)} ${describeLane(ours, throughput)}`);
    for (const peer of peers) reportPeer(race, ours, peer, throughput);
  }
  const [one, two] = [1, 2].map((workers) => lanes.find(({ settings }) => settings.workers === workers));
  if (one !== undefined && two !== undefined) reportGain(race, one, two, throughput);
}

/** Formats million views a second. */
type Throughput = (usages: readonly Usage[], time: 'seconds' | 'cpuSeconds') => string;

function throughputOf({ corpus, settings }: Race): Throughput {
  const views = settings.epochs * corpus.sessions.views.length;
  return (usages, time) => (views / medianUsage(usages)[time] / 1e6).toFixed(2);
}

function reportPeer(race: Race, ours: Lane, peer: Lane, throughput: Throughput): void {
  const ratio = medianUsage(peer.usages).seconds / medianUsage(ours.usages).seconds;
  const cpuRatio = medianUsage(peer.usages).cpuSeconds / medianUsage(ours.usages).cpuSeconds;
  console.log(`${' '.repeat(12)}${describeLane(peer, throughput)}   ${ratio.toFixed(1)} × (${cpuRatio.toFixed(1)} ×)`);
  const { name } = peer.trainer;
  const least = targetOf(name, peer.settings);
  reportResult({
    comparison: nameOf(race, peer.settings.workers),
    ours: `${throughput(ours.usages, 'seconds')} M views/s`,
    peakMb: medianUsage(ours.usages).peakMb,
    peer: {
      name,
      figure: `${throughput(peer.usages, 'seconds')} M views/s`,
      peakMb: medianUsage(peer.usages).peakMb,
      ratio,
    },
    ...(least !== undefined && { target: atLeast(ratio, least) }),
  });
}

function reportGain(race: Race, one: Lane, two: Lane, throughput: Throughput): void {
  const ratio = medianUsage(one.usages).seconds / medianUsage(two.usages).seconds;
  console.log(`  ${ratio.toFixed(2)} × on two threads`);
  reportResult({
    comparison: nameOf(race, 2),
    ours: `${throughput(two.usages, 'seconds')} M views/s`,
    peer: { name: 'ours on one', figure: `${throughput(one.usages, 'seconds')} M views/s`, ratio },
    ...(race.promisesGain && { target: atLeast(ratio, LEAST_GAIN_OF_TWO_THREADS) }),
  });
}

function describeLane({ trainer, usages }: Lane, throughput: Throughput): string {
  const views = `${throughput(usages, 'seconds')} (${throughput(usages, 'cpuSeconds')})`;
  return `${trainer.name.padEnd(11)} ${views.padEnd(14)} ${medianUsage(usages).peakMb.toFixed(0)} MiB`;
}

function nameOf({ title, settings }: Race, workers: number): string {
  return `${title}, ${modelOf(settings)}, ${threadsOf(workers)}`;
}

function modelOf({ sg, vector_size }: Word2VecSettings): string {
  return `${sg === 1 ? 'skip-gram' : 'CBOW'} ${vector_size}d`;
}

function threadsOf(workers: number): string {
  return `${workers} thread${workers === 1 ? '' : 's'}`;
}

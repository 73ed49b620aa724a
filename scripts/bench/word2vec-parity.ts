/**
 * Do our vectors have the neighbours that gensim's have? Trains both on the e-shop file and prints how many of the ten
 * nearest products they share, beside what gensim shares with itself under another seed.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/word2vec-parity.ts [--data FILE] [--seeds 5]
 */
import { parseArgs } from 'node:util';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { trainWord2Vec } from '../../engine/word2vec/word2vec.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { findEshopFile } from '../data/eshop-file.ts';
import { Gensim } from './gensim.ts';
import { mean, meanOverlap, nearestByCosine } from './neighbours.ts';
import { reportResult } from './result.ts';
import { corpusOf, readEshop } from './sessions.ts';
import { word2VecSettings } from './word2vec-settings.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: findEshopFile() ?? '' }, seeds: { type: 'string', default: '5' } },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);

const SETTINGS: Record<string, Word2VecSettings> = {
  'layer (CBOW)': word2VecSettings(PRESETS.layer),
  'layer, sum of contexts': word2VecSettings({ ...PRESETS.layer, cbow_mean: 0 }),
  'skip-gram': word2VecSettings({ ...PRESETS.layer, sg: 1, vector_size: 32, epochs: 10 }),
  'tuned (skip-gram)': word2VecSettings(PRESETS.tuned),
};
const NEIGHBOURS = 10;

const corpus = corpusOf(readEshop(options.data));
const { offsets, views } = corpus.sessions;
console.log(`${offsets.length - 1} sessions, ${corpus.productIds.length} products, ${views.length} views`);

const gensim = new Gensim();
for (const [name, settings] of Object.entries(SETTINGS)) {
  const ours: Uint32Array[][] = [];
  const theirs: Uint32Array[][] = [];
  for (const seed of seeds) {
    const { vectors } = await trainWord2Vec(corpus, { ...settings, seed }, startKernelThreads);
    ours.push(nearestByCosine(vectors, settings.vector_size, NEIGHBOURS));
    const peer = await gensim.train(corpus, { ...settings, seed });
    theirs.push(nearestByCosine(peer.vectors, settings.vector_size, NEIGHBOURS));
  }
  const pairs = seeds.flatMap((_, i) => seeds.map((_, j) => [i, j] as const));
  const differentSeeds = pairs.filter(([i, j]) => i < j);
  const [between, within] = [
    pairs.map(([i, j]) => meanOverlap(ours[i], theirs[j])),
    differentSeeds.map(([i, j]) => meanOverlap(theirs[i], theirs[j])),
  ];
  console.log(`${name}: top-${NEIGHBOURS} neighbours in common`);
  print('  ours and gensim', between);
  print('  gensim and gensim, other seed', within);
  print(
    '  ours and ours, other seed',
    differentSeeds.map(([i, j]) => meanOverlap(ours[i], ours[j])),
  );
  reportResult({
    comparison: `top-${NEIGHBOURS} neighbours shared with gensim, ${name}`,
    ours: mean(between).toFixed(3),
    peer: { name: 'gensim, other seed', figure: mean(within).toFixed(3), ratio: mean(between) / mean(within) },
  });
}
gensim.close();

function print(title: string, overlaps: number[]): void {
  const [low, high] = [Math.min(...overlaps), Math.max(...overlaps)];
  console.log(`${title.padEnd(34)} ${mean(overlaps).toFixed(3)}  (${low.toFixed(3)}–${high.toFixed(3)})`);
}

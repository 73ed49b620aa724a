/**
 * How good are the recommendations on the public e-shop file, what does each part of the blend add, and how fast is
 * each strategy on a large catalogue?
 *
 *     node scripts/bench/ranking.ts [--data FILE] [--products 40000] [--views 1000000] [--queries 5000]
 *
 * Quality: trained on April to July, asked on August; weights from the tail of July. Skipped when the file is absent.
 * Speed: `rank` for later sessions of a generated shop, 20 products each, viewed ones allowed; the best
 * of five runs of each, so that queries are compared and not the moments when another process had the CPU.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeContainer } from '../../engine/artifacts/binary-container.ts';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Corpus } from '../../engine/clicks/corpus.ts';
import { backtest } from '../../engine/evaluation/backtest.ts';
import { summarise } from '../../engine/evaluation/evaluate.ts';
import type { Evaluation, ServedEvaluation } from '../../engine/evaluation/figures.ts';
import { collectChoices, fitChoices } from '../../engine/evaluation/fit-blend.ts';
import { positionsOf } from '../../engine/evaluation/positions.ts';
import type { Choice } from '../../engine/evaluation/softmax-loss.ts';
import { splitAt } from '../../engine/evaluation/split.ts';
import { tallyPositions } from '../../engine/evaluation/tally.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { rank } from '../../engine/ranking/rank.ts';
import { blend } from '../../engine/ranking/strategies/blend.ts';
import { BLEND_FEATURES, BLEND_PART_NAMES } from '../../engine/serving-index/blend-weights.ts';
import { buildServingIndex } from '../../engine/serving-index/serving-index.ts';
import { encodeServingIndex, SERVING_INDEX_VERSION } from '../../engine/serving-index/serving-index-file.ts';
import { STRATEGIES } from '../../engine/serving-index/strategy.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { findEshopFile } from '../data/eshop-file.ts';
import { ESHOP_TARGETS } from './eshop-targets.ts';
import { generateShop, unnamed } from './generated-index.ts';
import { atLeast, atMost, reportResult, SKIPPED_MARK } from './result.ts';
import { numberProducts, readEshop } from './sessions.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    products: { type: 'string', default: '40000' },
    views: { type: 'string', default: '1000000' },
    queries: { type: 'string', default: '5000' },
  },
});
const SEED = 1;
const RUNS = 5;
const FIRST_TEST_MONTH = 8;
const MOST_P99_MS = 1;
const train = modelTrainer({ ...PRESETS.tuned, workers: 1 }, startKernelThreads);

if (existsSync(options.data)) await measureQuality(options.data);
else console.log(`${SKIPPED_MARK}quality: ${options.data} is not there. Get it with: npm run data -- eshop`);
await measureSpeed(Number(options.products), Number(options.views), Number(options.queries));

async function measureQuality(path: string) {
  const sessions = readEshop(path);
  const numbered = numberProducts(sessions);
  // `splitAt` numbers the sessions that are learned from by their views.
  const corpus: Corpus = { ...numbered, ...unnamed(numbered), viewCounts: new Uint32Array(numbered.productIds.length) };
  const firstTest = sessions.findIndex(({ month }) => month === FIRST_TEST_MONTH);
  const startedAt = performance.now();
  const { evaluations, best } = await backtest(corpus, train, SEED, firstTest);
  const seconds = (performance.now() - startedAt) / 1000;
  const { positions, repeatShare } = evaluations['blend'];
  console.log(
    `${positions} questions, ${(repeatShare * 100).toFixed(1)} % repeats; ${seconds.toFixed(1)} s; best: ${best}\n`,
  );
  const names = Object.keys(evaluations);
  const served = names.map((name): Row => [name, evaluations[name].asServed!]);
  const allowed = names.map((name): Row => [name, { ...evaluations[name], gains: evaluations[name].all }]);
  printTable(`As served: viewed products left out, ${served[0][1].positions} questions`, served);
  printTable(`Viewed products allowed, ${positions} questions`, allowed);
  reportQuality(evaluations);
  await printAblation(corpus, firstTest);
}

type Row = [strategy: string, evaluation: ServedEvaluation];

function printTable(title: string, rows: readonly Row[]): void {
  const metrics = ['HR@5', 'HR@10', 'HR@20', 'MRR@20', 'NDCG@20'] as const;
  console.log(`${title}\n`);
  console.log(`| ${['strategy', ...metrics, 'coverage', 'bias', 'diversity'].join(' | ')} |`);
  console.log(`|${'---|'.repeat(metrics.length + 4)}`);
  for (const [name, { gains, coverage, popularityBias, intraListDiversity }] of rows) {
    const texts = metrics
      .map((metric) => gains[metric])
      .map(({ value, low, high }) => `${three(value)} (${three(low)}–${three(high)})`);
    const rest = [coverage.value, popularityBias.value, intraListDiversity.value].map(three);
    console.log(`| ${[name, ...texts, ...rest].join(' | ')} |`);
  }
  console.log('');
}

/** The blend beside the best of the others. */
function reportQuality({ blend: ours, ...others }: Awaited<ReturnType<typeof backtest>>['evaluations']): void {
  for (const [mode, title] of [
    ['asServed', 'as served'],
    ['viewedAllowed', 'viewed allowed'],
  ] as const) {
    const gainsOf = ({ all, asServed }: Evaluation) => (mode === 'asServed' ? asServed!.gains : all);
    for (const [metric, least] of Object.entries(ESHOP_TARGETS[mode]) as ['HR@10' | 'HR@20' | 'MRR@20', number][]) {
      const value = gainsOf(ours)[metric].value;
      const [name, best] = Object.entries(others)
        .map(([other, evaluation]): [string, number] => [other, gainsOf(evaluation)[metric].value])
        .sort(([, a], [, b]) => b - a)[0];
      reportResult({
        comparison: `e-shop file, next product of August, ${title}, blend's ${metric}`,
        ours: three(value),
        peer: { name, figure: three(best), ratio: value / best },
        target: atLeast(value, least, ''),
      });
    }
  }
}

/** The blend without one of its parts, fitted and asked again. */
async function printAblation(corpus: Corpus, firstTest: number) {
  const { train: earlier, later } = splitAt(corpus, firstTest);
  const { train: beforeTail, later: tail } = splitAt(earlier, Math.floor(earlier.sessionIds.length * 0.9));
  const ofTail = await train(beforeTail);
  const choices = collectChoices(buildServingIndex(beforeTail, ofTail.vectors, ofTail.clusters, 'blend'), tail);
  const { vectors, clusters } = await train(earlier);
  const index = buildServingIndex(earlier, vectors, clusters, 'blend');

  console.log(
    '\n| blend without | as served: HR@20 | MRR@20 | viewed allowed: HR@20 | MRR@20 |\n|---|---|---|---|---|',
  );
  const groups: [string, (feature: string) => boolean][] = [
    ['(nothing)', () => false],
    ...BLEND_PART_NAMES.map((part): [string, (feature: string) => boolean] => [
      part,
      (feature) => feature === `log share of ${part}` || feature === `score of ${part} / best`,
    ]),
    ['vectors', (feature) => feature === 'cosine' || feature.startsWith('input')],
    ['repeats', (feature) => /^(is|was) |in the session/.test(feature)],
    ['popularity', (feature) => feature === 'log views' || feature === 'log recent views'],
    ['scores / best', (feature) => feature.endsWith('/ best')],
  ];
  for (const [name, isLeftOut] of groups) {
    const blendWeights = fitChoices(choices.map((choice) => without(choice, isLeftOut)));
    const tally = tallyPositions({ ...index, blendWeights }, blend, later, seededRandom(SEED));
    const { all, asServed } = summarise(tally, SEED);
    const figures = [asServed!.gains, all].flatMap((gains) => [gains['HR@20'], gains['MRR@20']]);
    console.log(`| ${[name, ...figures.map(({ value }) => value.toFixed(4))].join(' | ')} |`);
  }
}

/** A feature that is always 0 gets the weight 0. */
function without({ features, chosen }: Choice, isLeftOut: (feature: string) => boolean): Choice {
  const leftOut = BLEND_FEATURES.map(isLeftOut);
  return { features: features.map((value, i) => (leftOut[i % leftOut.length] ? 0 : value)), chosen };
}

async function measureSpeed(products: number, views: number, queries: number) {
  const { index, later, viewCount, buildSeconds } = await generateShop(products, views, SEED);
  const file = encodeServingIndex(index);
  console.log(
    `\n${index.productIds.length} products, ${viewCount} views: index of ${megabytes(file.length)}, ` +
      `built in ${buildSeconds.toFixed(1)} s`,
  );
  for (const [name, section] of Object.entries(
    decodeContainer(file, 'serving-index', SERVING_INDEX_VERSION).sections,
  )) {
    if (section.byteLength > 1e6) console.log(`  ${name}: ${megabytes(section.byteLength)}`);
  }

  console.log('\n| strategy | p50 µs | p90 µs | p99 µs |\n|---|---|---|---|');
  const random = seededRandom(SEED);
  const asked = [...positionsOf(later, queries)];
  for (const strategy of STRATEGIES) {
    const ask = (viewed: readonly number[]) =>
      rank(index, { viewed, count: 20, strategy, excluded: new Set(), excludeViewed: false, random });
    for (const { viewed } of asked.slice(0, 500)) ask(viewed);
    const micros = asked.map(({ viewed }) => {
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < RUNS; run++) {
        const from = performance.now();
        ask(viewed);
        best = Math.min(best, (performance.now() - from) * 1000);
      }
      return best;
    });
    micros.sort((a, b) => a - b);
    const shares = [0.5, 0.9, 0.99].map((share) => micros[Math.floor(share * (micros.length - 1))].toFixed(0));
    console.log(`| ${[strategy, ...shares].join(' | ')} |`);
    const p99Ms = Number(shares[2]) / 1000;
    reportResult({
      comparison: `${strategy}, ${index.productIds.length} products, p99`,
      ours: `${three(p99Ms)} ms`,
      target: atMost(p99Ms, MOST_P99_MS, ' ms'),
    });
  }
}

function three(value: number): string {
  return value.toFixed(3);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

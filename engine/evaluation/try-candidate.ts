import { type Corpus, sliceSessions } from '../clicks/corpus.ts';
import { seededRandom } from '../numeric/random.ts';
import { embeddingContext } from '../ranking/strategies/embedding.ts';
import { buildServingIndex, type ServingIndex } from '../serving-index/serving-index.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import { judgedGains, summarise } from './evaluate.ts';
import type { Candidate, ExperimentPlan } from './experiment-plan.ts';
import type { Evaluation } from './figures.ts';
import { foldsOf, needsCrossValidation } from './folds.ts';
import type { Trial } from './run-evaluation.ts';
import { splitAt } from './split.ts';
import { mergeTallies, type Tally, tallyPositions } from './tally.ts';
import { oneCluster, type TrainVectors } from './train-model.ts';

/**
 * Enough to choose by. Every product is scored at every position: with 17,000 products 5,000 positions take as long as the
 * training.
 */
const POSITIONS = { most: 5_000, least: 1_000 };
const MOST_SCORES = 35_000_000;

/**
 * Trains one candidate on the sessions before the validation ones and scores its vectors on those: as a
 * prediction of the next view, input × output, which is what the blend uses them for. In a shop too small for validation
 * sessions it does so in folds over all of them.
 */
export async function tryCandidate(
  corpus: Corpus,
  plan: ExperimentPlan,
  { settings }: Candidate,
  train: TrainVectors,
): Promise<Evaluation> {
  const seen = sliceSessions(corpus, plan.firstSession, plan.testStart);
  const splits = needsCrossValidation(corpus)
    ? foldsOf(sliceSessions(corpus, plan.firstSession, corpus.sessionIds.length), settings.question)
    : [splitAt(seen, plan.validationStart - plan.firstSession, settings.question)];
  const tallies: Tally[] = [];
  for (const { train: earlier, later } of splits) {
    const index = indexOfVectors(earlier, await train(earlier));
    const positions = positionsToAsk(index.productIds.length);
    tallies.push(tallyPositions(index, embeddingContext, later, seededRandom(settings.seed), positions));
  }
  return summarise(mergeTallies(tallies), settings.seed);
}

export function positionsToAsk(productCount: number): number {
  return Math.max(POSITIONS.least, Math.min(POSITIONS.most, Math.floor(MOST_SCORES / productCount)));
}

/** No pairs, past sessions or clusters: the scorer asks for none of them, and they take longer than small vectors do. */
function indexOfVectors({ productIds, viewCounts }: Corpus, vectors: ProductVectors): ServingIndex {
  const withoutSessions = {
    productIds,
    viewCounts,
    sessionIds: [],
    startTimesMs: undefined,
    offsets: Uint32Array.of(0),
    views: new Uint32Array(0),
  };
  return buildServingIndex(withoutSessions, vectors, oneCluster(vectors), 'embedding');
}

/** The best by NDCG@20 as served, which counts both how often and how high the next view stands; the earlier of equals. */
export function chooseTrial(trials: readonly Trial[]): Trial | undefined {
  const gain = (trial: Trial) => judgedGains(trial.evaluation)['NDCG@20'].value;
  return trials.reduce<Trial | undefined>(
    (best, t) => (best === undefined || gain(t) > gain(best) ? t : best),
    undefined,
  );
}

import { PRESETS } from '../artifacts/training-request.ts';
import type { Corpus } from '../clicks/corpus.ts';
import { buildServingIndex, type ServingIndex } from '../serving-index/serving-index.ts';
import { type BacktestSettings, backtestOf, namedWeights, questionOf, type Tallies, tallyAll } from './backtest.ts';
import { collectChoices, fitFew } from './fit-blend.ts';
import { FOLDS, foldsOf } from './folds.ts';
import type { AskedSessions } from './question.ts';
import type { Backtest } from './run-evaluation.ts';
import type { Choice } from './softmax-loss.ts';
import { mergeTallies } from './tally.ts';
import type { TrainModel } from './train-model.ts';

/** The blend is fitted six times: with all of 1,000 sessions that would take longer than everything else. */
const POSITIONS_A_FOLD = 400;

/**
 * `backtest` of a shop whose newest sessions are too few to measure on: every session is asked about, by a model of the
 * other folds' sessions, and the blend's weights are fitted on the other folds' questions.
 *
 * @returns the measurement, whose `blendWeights` are fitted on all questions: those for the run's own index.
 */
export async function crossValidate(
  corpus: Corpus,
  train: TrainModel,
  seed: number,
  { question, trending_half_life_days: halfLifeDays }: BacktestSettings = PRESETS.layer,
): Promise<Backtest> {
  const folds: { index: ServingIndex; later: AskedSessions; choices: Choice[] }[] = [];
  for (const { train: learned, later } of foldsOf(corpus, question)) {
    const { vectors, clusters } = await train(learned);
    const index = buildServingIndex(learned, vectors, clusters, 'blend', undefined, halfLifeDays);
    folds.push({ index, later, choices: collectChoices(index, later, POSITIONS_A_FOLD) });
  }
  const tallies = folds.map(({ index, later }, asked): Tallies => {
    const others = folds.flatMap(({ choices }, fold): Choice[] => (fold === asked ? [] : choices));
    return tallyAll({ ...index, blendWeights: fitFew(others) }, later, seed);
  });
  // Purchases may be in some folds only.
  const names = Object.keys(tallies[0]).filter((name) => tallies.every((tally) => Object.hasOwn(tally, name)));
  const merged = Object.fromEntries(names.map((name) => [name, mergeTallies(tallies.map((tally) => tally[name]))]));
  const sessionCount = corpus.sessionIds.length;
  return backtestOf(
    merged,
    {
      sessions: { earlier: sessionCount - Math.ceil(sessionCount / FOLDS), heldOut: sessionCount },
      folds: FOLDS,
      ...questionOf(question),
      blendWeights: namedWeights(fitFew(folds.flatMap(({ choices }) => choices))),
    },
    seed,
  );
}

import type { Logger } from '@aws-lambda-powertools/logger';
import { artifactKey, trialKey } from '../../engine/artifacts/artifact-keys.ts';
import { type Corpus, decodeCorpus, sliceSessions } from '../../engine/clicks/corpus.ts';
import { InputError, messageOf } from '../../engine/errors.ts';
import { type HeldOut, measure, namedWeights, trainOnEarlier } from '../../engine/evaluation/backtest.ts';
import { compareWithLive, firstSessionAfter } from '../../engine/evaluation/compare-with-live.ts';
import { gainCounts } from '../../engine/evaluation/evaluate.ts';
import { type ExperimentPlan, experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import { fitBlend } from '../../engine/evaluation/fit-blend.ts';
import {
  type Backtest,
  type LiveComparison,
  type RunEvaluation,
  trialSchema,
} from '../../engine/evaluation/run-evaluation.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { chooseTrial } from '../../engine/evaluation/try-candidate.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index.ts';
import { withEpochsInTime } from '../../engine/word2vec/training-seconds.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { readManifest } from '../shared/runs/registry.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { type ArtifactStore, putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';

export const handler = stageHandler('evaluate', async (context) => {
  const { runId, store, artifact, artifactJson, settings, logger } = context;
  const plan = await artifactJson('experiment_plan', experimentPlanSchema);
  const found = await Promise.all(
    plan.candidates.map(({ id }) => readJsonArtifact(store, trialKey(runId, id), trialSchema)),
  );
  const trials = found.filter((trial) => trial !== undefined);
  const evaluation: RunEvaluation = { settings, trials, backtest: null, blendWeights: null, comparison: null };

  let figures: Record<string, number> = {};
  const chosen = chooseTrial(trials);
  if (chosen !== undefined) {
    const corpus = decodeCorpus(await artifact('corpus'));
    evaluation.settings = withEpochsInTime(chosen.settings, corpus.views.length);
    try {
      const train = modelTrainer(chosen.settings, startKernelThreads);
      const recent = sliceSessions(corpus, plan.firstMeasured, corpus.sessionIds.length);
      const heldOut = await trainOnEarlier(recent, train, plan.testStart - plan.firstMeasured);
      const measured = measure(heldOut, settings.seed);
      evaluation.backtest = measured;
      figures = gainCounts(measured.evaluations[measured.best], ['HR@20', 'MRR@20']);
      evaluation.blendWeights = refitBlend(heldOut);
      evaluation.comparison = await askLiveModel(store, corpus, plan, heldOut, measured, logger);
    } catch (error) {
      // Too little to measure on is no reason not to train.
      if (!(error instanceof InputError)) throw error;
      logger.warn(messageOf(error));
    }
  }
  await putJson(store, artifactKey(runId, 'evaluation'), evaluation);
  return {
    artifacts: ['evaluation'],
    counts: { trials: trials.length, ...figures },
  };
});

/** The index of a run knows all sessions: so do its weights, now that the newest ones have served to measure. */
function refitBlend({ index, later, blendWeights }: HeldOut): RunEvaluation['blendWeights'] {
  return namedWeights(fitBlend(index, later, POSITIONS_TO_REFIT) ?? blendWeights);
}

const POSITIONS_TO_REFIT = 8_000;

/** @returns null when nothing is live, when it cannot be read, or when it has seen nearly all that was held out. */
async function askLiveModel(
  store: ArtifactStore,
  { startTimesMs }: Corpus,
  { testStart }: ExperimentPlan,
  heldOut: HeldOut,
  { best }: Backtest,
  logger: Logger,
): Promise<LiveComparison | null> {
  const current = await readCurrent(store);
  if (current === undefined || startTimesMs === undefined) return null;
  const { runId } = current.pointer;
  try {
    const manifest = await readManifest(store, runId);
    const file = await store.get(artifactKey(runId, 'serving'));
    if (file === undefined || !manifest?.lineage.period) return null;
    const firstUnseen = firstSessionAfter(startTimesMs.subarray(testStart), Date.parse(manifest.lineage.period.to));
    const seed = manifest.settings.seed;
    return compareWithLive(heldOut, best, { runId, index: decodeServingIndex(file.bytes, runId) }, firstUnseen, seed);
  } catch (error) {
    // A damaged live run must not keep a sound one from replacing it.
    logger.warn('The live model could not be asked', { error: messageOf(error) });
    return null;
  }
}

import { type ArtifactName, artifactKey, trialKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeCorpus, sliceSessions } from '../../engine/clicks/corpus.ts';
import { InputError, messageOf } from '../../engine/errors.ts';
import { type HeldOut, measure, namedWeights, trainOnEarlier } from '../../engine/evaluation/backtest.ts';
import { crossValidate } from '../../engine/evaluation/cross-validate.ts';
import { gainCounts } from '../../engine/evaluation/evaluate.ts';
import { experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import { fitBlend } from '../../engine/evaluation/fit-blend.ts';
import { needsCrossValidation } from '../../engine/evaluation/folds.ts';
import { measuredPart } from '../../engine/evaluation/plan-experiments.ts';
import {
  answerSessions,
  type ReferenceSessions,
  sampleSessions,
  withoutSessions,
} from '../../engine/evaluation/reference-sessions.ts';
import { type RunEvaluation, trialSchema } from '../../engine/evaluation/run-evaluation.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { chooseTrial } from '../../engine/evaluation/try-candidate.ts';
import { withEpochsInTime } from '../../engine/word2vec/training-seconds.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';
import { compareWith } from './compare.ts';
import { openLiveModel } from './live-model.ts';

export const handler = stageHandler('evaluate', async (context) => {
  const { runId, store, artifact, artifactJson, settings, logger } = context;
  const plan = await artifactJson('experiment_plan', experimentPlanSchema);
  const found = await Promise.all(
    plan.candidates.map(({ id }) => readJsonArtifact(store, trialKey(runId, id), trialSchema)),
  );
  const trials = found.filter((trial) => trial !== undefined);
  const evaluation: RunEvaluation = {
    settings,
    trials,
    backtest: null,
    blendWeights: null,
    comparison: null,
    skipped: plan.skipped,
    notMeasured: plan.notMeasured,
  };

  const artifacts: ArtifactName[] = ['evaluation'];
  let figures: Record<string, number> = {};
  const chosen = chooseTrial(trials);
  if (chosen !== undefined) {
    const corpus = decodeCorpus(await artifact('corpus'));
    const live = await openLiveModel(store, (error) => logger.warn('The live model could not be asked', { error }));
    evaluation.settings = withEpochsInTime(chosen.settings, corpus.views.length);
    try {
      const part = measuredPart(corpus.offsets, plan.firstMeasured, plan.testStart, chosen.settings);
      const train = modelTrainer(part.settings, startKernelThreads);
      const recent = sliceSessions(corpus, part.firstSession, corpus.sessionIds.length);
      // The model that is measured must not have seen what the live one was measured on either.
      const unseen = withoutSessions(recent, plan.testStart - part.firstSession, live?.reference ?? []);
      const heldOut = await trainOnEarlier(unseen.corpus, train, unseen.end);
      const measured = needsCrossValidation(corpus)
        ? await crossValidate(recent, train, settings.seed)
        : measure(heldOut, settings.seed);
      evaluation.backtest = measured;
      figures = gainCounts(measured.evaluations[measured.best], ['HR@20', 'MRR@20']);
      evaluation.blendWeights = measured.folds === undefined ? refitBlend(heldOut) : measured.blendWeights;
      const startTimesMs = corpus.startTimesMs?.subarray(plan.testStart);
      if (live !== undefined) {
        Object.assign(evaluation, compareWith(live, heldOut, measured.best, startTimesMs, settings.seed));
      }
      const asked = sampleSessions(unseen.corpus, unseen.end);
      const places = answerSessions(heldOut.index, measured.best, asked, settings.seed);
      const reference: ReferenceSessions = {
        sessions: asked.map((products, session) => ({ products, places: places[session] })),
      };
      await putJson(store, artifactKey(runId, 'reference_sessions'), reference);
      artifacts.push('reference_sessions');
    } catch (error) {
      // Too little to measure on is no reason not to train.
      if (!(error instanceof InputError)) throw error;
      logger.warn(messageOf(error));
      evaluation.notMeasured = messageOf(error);
    }
  }
  await putJson(store, artifactKey(runId, 'evaluation'), evaluation);
  return {
    artifacts,
    counts: { trials: trials.length, ...figures },
  };
});

/** The index of a run knows all sessions: so do its weights, now that the newest ones have served to measure. */
function refitBlend({ index, later, blendWeights }: HeldOut): RunEvaluation['blendWeights'] {
  return namedWeights(fitBlend(index, later, POSITIONS_TO_REFIT) ?? blendWeights);
}

const POSITIONS_TO_REFIT = 8_000;

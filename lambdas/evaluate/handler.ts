import { type ArtifactName, artifactKey, trialKey } from '../../engine/artifacts/artifact-keys.ts';

import { decodeProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { type Corpus, decodeCorpus, sliceSessions } from '../../engine/clicks/corpus.ts';
import { trainedOffsets } from '../../engine/clicks/heard-views.ts';

import { InputError, messageOf } from '../../engine/errors.ts';
import { AttributesById } from '../../engine/evaluation/attribute-evaluation.ts';
import { type HeldOut, measure, namedWeights, trainOnEarlier } from '../../engine/evaluation/backtest.ts';
import { crossValidate } from '../../engine/evaluation/cross-validate.ts';
import { gainCounts } from '../../engine/evaluation/evaluate.ts';
import { type ExperimentPlan, experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import { fitBlend } from '../../engine/evaluation/fit-blend.ts';
import { needsCrossValidation } from '../../engine/evaluation/folds.ts';
import { measuredPart } from '../../engine/evaluation/plan-experiments.ts';
import { askedViews } from '../../engine/evaluation/question.ts';
import {
  answerSessions,
  type ReferenceSessions,
  sampleQuestions,
  withoutSessions,
} from '../../engine/evaluation/reference-sessions.ts';
import { type RunEvaluation, trialSchema } from '../../engine/evaluation/run-evaluation.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { chooseTrial } from '../../engine/evaluation/try-candidate.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import { withEpochsInTime } from '../../engine/word2vec/training-seconds.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { type StageContext, stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';
import { attributeNotesOf } from './attribute-notes.ts';
import { compareWith } from './compare.ts';
import { openLiveModel } from './live-model.ts';
import { sessionKnnNotesOf } from './session-knn-notes.ts';
import { strategyNotesOf } from './strategy-notes.ts';

export const handler = stageHandler('evaluate', async (context) => {
  const { runId, store, artifact, artifactJson, request, settings, logger } = context;
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
  const corpus = decodeCorpus(await artifact('corpus'));
  const attributes = await readAttributes(context, plan, corpus);
  if (attributes !== undefined) evaluation.attributes = attributes.summary(attributes.unfitted());
  if (chosen !== undefined) {
    const live = await openLiveModel(store, (error) => logger.warn('The live model could not be asked', { error }));
    const trained = trainedOffsets(corpus);
    evaluation.settings = withEpochsInTime(chosen.settings, trained[trained.length - 1]);
    try {
      const part = measuredPart(trained, plan.firstMeasured, plan.testStart, chosen.settings);
      const train = modelTrainer(part.settings, startKernelThreads);
      const recent = sliceSessions(corpus, part.firstSession, corpus.sessionIds.length);
      // The model that is measured must not have seen what the live one was measured on either.
      const unseen = withoutSessions(recent, plan.testStart - part.firstSession, live?.reference ?? []);
      const { question, seed } = settings;
      const heldOut = await trainOnEarlier(unseen.corpus, train, unseen.end, { settings, attributes, seed });
      const measured = needsCrossValidation(corpus)
        ? await crossValidate(recent, train, settings.seed, settings)
        : measure(heldOut, settings.seed);
      evaluation.backtest = measured;
      // Of a shop that is too small for that, folds were measured, which have the defaults.
      if (measured.folds === undefined) evaluation.sessionKnn = heldOut.sessionKnn;
      if (heldOut.attributes !== undefined) {
        const { index, attributes: fitted } = heldOut;
        evaluation.attributes = attributes?.evaluate(fitted, index, unseen.corpus, unseen.end, seed);
      }
      figures = gainCounts(measured.evaluations[measured.best], ['HR@20', 'MRR@20'], question);
      evaluation.blendWeights = measured.folds === undefined ? refitBlend(heldOut) : measured.blendWeights;
      const startTimesMs = corpus.startTimesMs?.subarray(plan.testStart);
      if (live !== undefined) {
        Object.assign(evaluation, compareWith(live, heldOut, measured.best, startTimesMs, settings.seed));
      }
      const reference = answerReference(unseen, heldOut, measured.best, settings.seed);
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
    details: {
      notes: [
        ...sessionKnnNotesOf(evaluation.sessionKnn),
        ...attributeNotesOf(evaluation.attributes),
        ...strategyNotesOf(evaluation.backtest, request.columns),
      ],
    },
  };
});

/** How the measured model answers a sample of the sessions held out, for the runs to come. */
function answerReference(
  { corpus, end }: ReturnType<typeof withoutSessions>,
  { index, question }: HeldOut,
  strategy: Strategy,
  seed: number,
): ReferenceSessions {
  const asked = sampleQuestions({ ...corpus, isAsked: askedViews(corpus, question) }, end);
  const sequences = asked.map(({ products }) => products);
  const places = answerSessions(index, strategy, sequences, seed);
  return {
    sessions: asked.map(({ products, isAsked }, session) => ({
      products,
      places: places[session].map((place, n) => (isAsked[n] ? place : null)),
    })),
  };
}

async function readAttributes(
  { artifact }: Pick<StageContext, 'artifact'>,
  { catalogueVersion }: ExperimentPlan,
  { productIds }: Corpus,
): Promise<AttributesById | undefined> {
  if (catalogueVersion === undefined) return undefined;
  const attributes = decodeProductAttributes(await artifact('product_attributes'), productIds.length);
  return new AttributesById(attributes, productIds);
}

/** The index of a run knows all sessions: so do its weights, now that the newest ones have served to measure. */
function refitBlend({ index, later, blendWeights }: HeldOut): RunEvaluation['blendWeights'] {
  return namedWeights(fitBlend(index, later, POSITIONS_TO_REFIT, blendWeights) ?? blendWeights);
}

const POSITIONS_TO_REFIT = 8_000;

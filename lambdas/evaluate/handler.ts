import { type ArtifactName, artifactKey, trialKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { type Corpus, decodeCorpus, sliceSessions } from '../../engine/clicks/corpus.ts';
import { trainedOffsets } from '../../engine/clicks/heard-views.ts';
import { InputError, messageOf } from '../../engine/errors.ts';
import { AttributesById } from '../../engine/evaluation/attribute-evaluation.ts';
import { measure, trainOnEarlier } from '../../engine/evaluation/backtest.ts';
import { crossValidate } from '../../engine/evaluation/cross-validate.ts';
import { gainCounts } from '../../engine/evaluation/evaluate.ts';
import { type ExperimentPlan, experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import { needsCrossValidation } from '../../engine/evaluation/folds.ts';
import { LIKELY_BEST } from '../../engine/evaluation/measuring-tasks.ts';
import { measuredPart } from '../../engine/evaluation/plan-experiments.ts';
import { askedViews } from '../../engine/evaluation/question.ts';
import {
  answerSessions,
  type Places,
  type ReferenceSessions,
  sampleQuestions,
  withoutSessions,
} from '../../engine/evaluation/reference-sessions.ts';
import { type RunEvaluation, trialSchema } from '../../engine/evaluation/run-evaluation.ts';
import { modelTrainer, type TrainModel, vectorTrainer } from '../../engine/evaluation/train-model.ts';
import { chooseTrial } from '../../engine/evaluation/try-candidate.ts';
import { nameReranker } from '../../engine/serving-index/reranker.ts';
import { withEpochsInTime } from '../../engine/word2vec/training-seconds.ts';
import { startKernelAside, startKernelThreads } from '../shared/kernel-threads.ts';
import { startMeasuring } from '../shared/measuring-thread.ts';
import { type StageContext, stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';
import { learnBeforehand } from '../shared/vectors-at-hand.ts';
import { attributeNotesOf } from './attribute-notes.ts';
import { compareWith } from './compare.ts';
import { openLiveModel } from './live-model.ts';
import { rerankerNotesOf } from './reranker-notes.ts';
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
    // Of a shop that is too small, folds are measured.
    const thread = needsCrossValidation(corpus) ? undefined : startMeasuring();
    evaluation.settings = withEpochsInTime(chosen.settings, trained[trained.length - 1]);
    try {
      const part = measuredPart(trained, plan.firstMeasured, plan.testStart, chosen.settings);
      const train = modelTrainer(part.settings, startKernelThreads, startKernelAside);
      // The first model is done while the second one is learned; from then on a core waits for what is fitted on the first.
      const trainAndGoOn: TrainModel = async (...asked) => {
        const learned = await train(...asked);
        learnBeforehand(runId, evaluation.settings, (all, startThreads) => vectorTrainer(all, startThreads)(corpus));
        return learned;
      };
      const recent = sliceSessions(corpus, part.firstSession, corpus.sessionIds.length);
      // The model that is measured must not have seen what the live one was measured on either.
      const unseen = withoutSessions(recent, plan.testStart - part.firstSession, live?.reference ?? []);
      const { question, seed } = settings;
      const heldOut = await trainOnEarlier(unseen.corpus, trainAndGoOn, unseen.end, { settings, attributes, seed });
      const asked = sampleQuestions({ ...unseen.corpus, isAsked: askedViews(unseen.corpus, question) }, unseen.end);
      const reference = asked.map(({ products }) => products);
      const known = await thread?.measure({ ...heldOut, reference, seed });
      const measured =
        known === undefined
          ? await crossValidate(recent, train, seed, settings)
          : measure(heldOut, seed, known.tallies);
      evaluation.backtest = measured;
      // Of a shop that is too small for that, folds were measured, which have the defaults.
      if (measured.folds === undefined) evaluation.sessionKnn = heldOut.sessionKnn;
      if (heldOut.attributes !== undefined) {
        const { index, attributes: fitted } = heldOut;
        evaluation.attributes = attributes?.evaluate(fitted, index, unseen.corpus, unseen.end, seed);
      }
      figures = gainCounts(measured.evaluations[measured.best], ['HR@20', 'MRR@20'], question);
      const startTimesMs = corpus.startTimesMs?.subarray(plan.testStart);
      if (live !== undefined) {
        Object.assign(evaluation, compareWith(live, heldOut, measured.best, startTimesMs, settings.seed));
      }
      const places =
        known !== undefined && measured.best === LIKELY_BEST
          ? known.places
          : answerSessions(heldOut.index, measured.best, reference, seed);
      await putJson(store, artifactKey(runId, 'reference_sessions'), referenceOf(asked, places));
      artifacts.push('reference_sessions');
      const refitted = await known?.refitted;
      evaluation.blendWeights = (refitted ?? measured).blendWeights;
      if (heldOut.reranker !== undefined && refitted?.reranker !== undefined) {
        const { reranker: _, ...gained } = heldOut.reranker;
        evaluation.reranker = { ...nameReranker(refitted.reranker), ...gained };
      }
    } catch (error) {
      // Too little to measure on is no reason not to train.
      if (!(error instanceof InputError)) throw error;
      logger.warn(messageOf(error));
      evaluation.notMeasured = messageOf(error);
    } finally {
      await thread?.close();
    }
  }
  await putJson(store, artifactKey(runId, 'evaluation'), evaluation);
  return {
    artifacts,
    counts: { trials: trials.length, ...figures },
    details: {
      notes: [
        ...sessionKnnNotesOf(evaluation.sessionKnn),
        ...rerankerNotesOf(evaluation.reranker),
        ...attributeNotesOf(evaluation.attributes),
        ...strategyNotesOf(evaluation.backtest, request.columns),
      ],
    },
  };
});

/** How the measured model answers a sample of the sessions held out, for the runs to come. */
function referenceOf(asked: ReturnType<typeof sampleQuestions>, places: readonly Places[]): ReferenceSessions {
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

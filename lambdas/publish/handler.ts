import { artifactKey, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { leftOutSchema } from '../../engine/artifacts/quarantine.ts';
import { type StageRecord, stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import type { AttributeModel } from '../../engine/attributes/attribute-model.ts';
import { learnAttributeVectors } from '../../engine/attributes/attribute-vectors.ts';
import { decodeProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { profileOf } from '../../engine/clicks/data-profile.ts';
import { messageOf } from '../../engine/errors.ts';
import { blendWeightsOf } from '../../engine/evaluation/backtest.ts';
import { judge } from '../../engine/evaluation/gate.ts';
import { type RunEvaluation, runEvaluationSchema } from '../../engine/evaluation/run-evaluation.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';
import { clusteringModelSchema, decodeClusterAssignments } from '../../engine/k-means/cluster-model.ts';
import { knownTraits } from '../../engine/serving-index/known-traits.ts';
import { rerankerByName } from '../../engine/serving-index/reranker.ts';
import { buildServingIndex, type ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { decodeProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { PIPELINE } from '../pipeline.ts';
import { readConfiguration } from '../shared/configuration.ts';
import { type StageContext, stageHandler } from '../shared/stage-handler.ts';
import { type ArtifactStore, missingObject, putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';
import { gatherLiveFacts } from './live-facts.ts';
import { buildManifest } from './manifest.ts';
import { promote } from './promote.ts';
import { refuseUnlessServed } from './read-back.ts';
import { costOf } from './run-cost.ts';

const { topicArn } = readConfiguration();

/** Answers when nothing was measured: the best on shops of 20 to 2,000 sessions (`scripts/bench/small-shops.ts`). */
const UNMEASURED_STRATEGY = 'blend';

export const handler = stageHandler('publish', async ({ runId, store, artifact, artifactJson, request, logger }) => {
  const evaluation = await artifactJson('evaluation', runEvaluationSchema);
  const model = await artifactJson('clustering_model', clusteringModelSchema);
  const corpus = decodeCorpus(await artifact('corpus'));
  const learned = buildServingIndex(
    corpus,
    decodeProductVectors(await artifact('vectors')),
    { model, clusterOf: decodeClusterAssignments(await artifact('cluster_assignments')) },
    evaluation.backtest?.best ?? UNMEASURED_STRATEGY,
    blendWeightsOf(evaluation.blendWeights),
    evaluation.settings.trending_half_life_days,
  );
  const index: ServingIndex = {
    ...learned,
    sessionKnn: evaluation.sessionKnn?.settings,
    reranker: evaluation.reranker && rerankerByName(evaluation.reranker),
    attributes: await learnAttributes(learned, evaluation, artifact),
  };
  const indexBytes = encodeServingIndex(index, runId);
  await store.put(artifactKey(runId, 'serving'), indexBytes);
  await refuseUnlessServed(store, runId, index);

  const records = await recordsOf(store, runId);
  const live = await gatherLiveFacts(store, runId, index, corpus);
  const liveProducts = live?.productIds && { runId: live.runId, productIds: live.productIds };
  await putJson(store, artifactKey(runId, 'data_profile'), profileOf(corpus, liveProducts));
  const manifest = buildManifest({
    runId,
    request,
    settings: evaluation.settings,
    records,
    ownArtifacts: {
      serving: artifactKey(runId, 'serving'),
      data_profile: artifactKey(runId, 'data_profile'),
      report: artifactKey(runId, 'report'),
    },
    previous: live?.runId ?? null,
    startTimesMs: corpus.startTimesMs,
  });
  await putJson(store, artifactKey(runId, 'manifest'), manifest);

  const leftOut = leftOutSchema.optional().parse(records[0].details?.['leftOut']);
  const judged = judge({ force: request.force, candidate: manifest, evaluation, leftOut, live });
  const reportOf = (verdict: RunReport['verdict']): RunReport => ({
    runId,
    defaultStrategy: index.defaultStrategy,
    clustering: {
      clusters: model.centroids.length,
      inertia: model.inertia,
      silhouette: model.silhouette,
      sizes: model.sizes,
    },
    evaluation,
    cost: costOf(records),
    verdict,
    notes: records.flatMap(({ details }) => (details?.['notes'] ?? []) as string[]),
  });
  const verdict = await promote(store, runId, new Date().toISOString(), judged, async (settled) => {
    await putJson(store, artifactKey(runId, 'report'), reportOf(settled));
  });
  logger.info(verdict.reason);

  if (topicArn !== undefined) {
    // Loaded where there is a topic only: a local run has none, and no use for the SDK. That nobody could be told must
    // not undo a publication.
    const { notify } = await import('../shared/notification.ts');
    const subject = `Alike run ${runId} ${verdict.promoted ? 'is live' : 'did not go live'}`;
    await notify(topicArn, subject, verdict.reason).then(
      () => logger.info('The verdict was sent'),
      (error) => logger.error('The verdict could not be sent', { error: messageOf(error) }),
    );
  }

  return {
    artifacts: ['serving', 'data_profile', 'report', 'manifest'],
    counts: { indexBytes: indexBytes.length, promoted: verdict.promoted ? 1 : 0 },
  };
});

/** What the index knows about products that nobody has viewed; undefined where the run had no catalogue. */
async function learnAttributes(
  index: ServingIndex,
  { attributes }: RunEvaluation,
  artifact: StageContext['artifact'],
): Promise<AttributeModel | undefined> {
  if (attributes === undefined) return undefined;
  const { fields } = decodeProductAttributes(await artifact('product_attributes'), index.productIds.length);
  return {
    learned: learnAttributeVectors(fields, knownTraits(index), index.viewCounts),
    weights: attributes.weights,
  };
}

/** Of the stages that ran before, in their order; of one that ran over items, one an item. */
async function recordsOf(store: ArtifactStore, runId: string): Promise<StageRecord[]> {
  const records: StageRecord[] = [];
  for (const { name, forEachItemOf } of PIPELINE.filter((stage) => stage.name !== 'publish')) {
    const items = records.find(({ stage }) => stage === forEachItemOf)?.result.items ?? [undefined];
    for (const item of items) {
      const key = stageRecordKey(runId, name, item);
      const record = await readJsonArtifact(store, key, stageRecordSchema);
      if (record === undefined) throw missingObject(store, key);
      records.push(record);
    }
  }
  return records;
}

import { PIPELINE } from '../pipeline.ts';
import { type ArtifactStore, getJson, putJson } from '../shared/artifact-store.ts';
import { type ArtifactName, artifactKey, stageRecordKey } from '../shared/artifacts.ts';
import type { ClusteringModel } from '../shared/cluster-model.ts';
import { decodeCorpus } from '../shared/corpus.ts';
import { readCurrent } from '../shared/current.ts';
import { ArtifactError } from '../shared/errors.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import type { RunReport } from '../shared/manifest.ts';
import { decodeProductVectors } from '../shared/product-vectors.ts';
import { buildServingIndex, encodeServingIndex } from '../shared/serving-index.ts';
import type { StageRecord } from '../shared/stage-record.ts';
import { buildManifest } from './manifest.ts';
import { promote } from './promote.ts';

export const handler = stageHandler('publish', async ({ runId, store, request }) => {
  const bytesOf = async (name: ArtifactName) => required(await store.get(artifactKey(runId, name)), runId, name).bytes;
  const model = required(
    await getJson<ClusteringModel>(store, artifactKey(runId, 'clustering_model')),
    runId,
    'clustering_model',
  );
  const index = buildServingIndex(
    decodeCorpus(await bytesOf('corpus')),
    decodeProductVectors(await bytesOf('vectors')),
    model,
    'embedding',
  );
  const indexBytes = encodeServingIndex(index);
  await store.put(artifactKey(runId, 'serving'), indexBytes);

  const current = await readCurrent(store);
  const ownArtifacts = { serving: artifactKey(runId, 'serving'), report: artifactKey(runId, 'report') };
  const records = await recordsBefore('publish', store, runId);
  await putJson(
    store,
    artifactKey(runId, 'manifest'),
    buildManifest(runId, request, records, ownArtifacts, current?.pointer.runId ?? null),
  );
  const verdict = await promote(store, runId, new Date().toISOString());
  const report: RunReport = {
    runId,
    defaultStrategy: index.defaultStrategy,
    clustering: {
      clusters: model.centroids.length,
      inertia: model.inertia,
      silhouette: model.silhouette,
      sizes: model.sizes,
    },
    verdict,
  };
  await putJson(store, artifactKey(runId, 'report'), report);

  return {
    artifacts: ['serving', 'report', 'manifest'],
    counts: { indexBytes: indexBytes.length, promoted: verdict.promoted ? 1 : 0 },
  };
});

async function recordsBefore(stage: string, store: ArtifactStore, runId: string): Promise<StageRecord[]> {
  const earlier = PIPELINE.slice(
    0,
    PIPELINE.findIndex(({ name }) => name === stage),
  );
  return Promise.all(
    earlier.map(async ({ name }) => {
      const record = await getJson<StageRecord>(store, stageRecordKey(runId, name));
      return required(record, runId, `record of stage ${name}`);
    }),
  );
}

function required<T>(value: T | undefined, runId: string, what: string): T {
  if (value !== undefined) return value;
  throw new ArtifactError(`Run ${runId} has no ${what}: an earlier stage did not finish. Start the run again.`);
}

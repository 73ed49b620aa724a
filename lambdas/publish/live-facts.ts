import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { Corpus } from '../../engine/clicks/corpus.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { comparedSessions } from '../../engine/evaluation/compared-sessions.ts';
import { driftBetween } from '../../engine/evaluation/drift.ts';
import type { LiveFacts } from '../../engine/evaluation/gate-facts.ts';
import { plausible } from '../../engine/evaluation/period.ts';
import { runReportSchema } from '../../engine/evaluation/run-report.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { readManifest } from '../shared/runs/registry.ts';
import { runStartMs } from '../shared/runs/run-id.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';

/**
 * What the gate compares a run with: the run that is live, or, when a publication is repeated after a crash and the
 * run is live itself already, the one before.
 *
 * @param index ours. @param corpus what it is made of.
 * @throws UnavailableError when the store does not answer.
 */
export async function gatherLiveFacts(
  store: ArtifactStore,
  runId: string,
  index: ServingIndex,
  corpus: Corpus,
): Promise<(LiveFacts & { productIds: readonly string[] | undefined }) | undefined> {
  const pointer = (await readCurrent(store))?.pointer;
  const liveRunId = pointer?.runId === runId ? pointer.previous : pointer?.runId;
  if (liveRunId === undefined || liveRunId === null) return undefined;
  const manifest = await readable(() => readManifest(store, liveRunId));
  const report = await readable(() => readJsonArtifact(store, artifactKey(liveRunId, 'report'), runReportSchema));
  const liveIndex = await readable(async () => {
    const object = await store.get(artifactKey(liveRunId, 'serving'));
    return object && decodeServingIndex(object.bytes, liveRunId);
  });
  const period = plausible(manifest?.lineage.period ?? null, runStartMs(liveRunId));
  return {
    runId: liveRunId,
    manifest: manifest && { counts: manifest.counts, lineage: { ...manifest.lineage, period } },
    evaluation: report?.evaluation,
    drift: liveIndex && driftBetween(liveIndex, index, comparedSessions(corpus, period)),
    productIds: liveIndex?.productIds,
  };
}

/**
 * A live run that is damaged must not keep a sound one from replacing it. One that cannot be reached is not damaged: without
 * it nothing would be compared, and the gate would let through whatever there is.
 */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return undefined;
  }
}

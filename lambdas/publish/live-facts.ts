import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { LiveFacts } from '../../engine/evaluation/gate.ts';
import type { LiveComparison } from '../../engine/evaluation/run-evaluation.ts';
import { decodeServingIndex, type ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { readManifest } from '../shared/runs/registry.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/**
 * What the gate compares a run with: the run that is live, or, when a publication is repeated after a crash and the
 * run is live itself already, the one before.
 */
export async function gatherLiveFacts(
  store: ArtifactStore,
  runId: string,
  index: ServingIndex,
  comparison: LiveComparison | null,
): Promise<LiveFacts | undefined> {
  const pointer = (await readCurrent(store))?.pointer;
  const liveRunId = pointer?.runId === runId ? pointer.previous : pointer?.runId;
  if (liveRunId === undefined || liveRunId === null) return undefined;
  return {
    runId: liveRunId,
    manifest: await readable(() => readManifest(store, liveRunId)),
    keptProductShare: await readable(() => keptShare(store, liveRunId, index)),
    comparison: comparison?.runId === liveRunId ? comparison : undefined,
  };
}

async function keptShare(store: ArtifactStore, liveRunId: string, { numberOf }: ServingIndex) {
  const object = await store.get(artifactKey(liveRunId, 'serving'));
  if (object === undefined) return undefined;
  const { productIds } = decodeServingIndex(object.bytes, liveRunId);
  return productIds.filter((id) => numberOf.has(id)).length / productIds.length;
}

/** A live run that is damaged must not keep a sound one from replacing it. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

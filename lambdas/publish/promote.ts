import type { ArtifactStore } from '../shared/artifact-store.ts';
import { moveCurrent, readCurrent } from '../shared/current.ts';
import type { RunReport } from '../shared/manifest.ts';

/**
 * Makes a run live unless a newer one went live meanwhile: an older run never replaces it.
 *
 * @throws ConflictError when somebody else moved `current.json` between the read and the write; trying again is safe.
 */
export async function promote(store: ArtifactStore, runId: string, publishedAt: string): Promise<RunReport['verdict']> {
  const current = await readCurrent(store);
  if (current?.pointer.runId === runId) return { promoted: true, reason: 'This run is live already.' };
  if (current !== undefined && current.pointer.runId > runId) {
    return { promoted: false, reason: `The newer run ${current.pointer.runId} went live while this one was training.` };
  }
  await moveCurrent(store, runId, publishedAt, current);
  return { promoted: true, reason: 'Every stage finished.' };
}

import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { isSameTraining, type Training } from '../../engine/artifacts/same-training.ts';
import type { UnchangedRun } from '../../engine/evaluation/run-report.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { readManifest } from '../shared/runs/registry.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/**
 * Whether the run that is live was made of the same: then there is nothing to train.
 *
 * @returns undefined when anything is new, when nothing is live, or when the live run cannot be read and is better
 * trained anew.
 */
export async function findUnchanged(
  store: ArtifactStore,
  runId: string,
  training: Training,
): Promise<UnchangedRun | undefined> {
  const live = await liveTraining(store);
  if (live === undefined || !isSameTraining(training, live)) return undefined;
  const finding = `input, settings and code are those of live run ${live.runId}`;
  return {
    runId,
    verdict: {
      promoted: false,
      outcome: 'unchanged',
      reason: `Unchanged: ${finding}; nothing was trained (--force trains all the same).`,
      checks: [{ name: 'anything new', passed: false, finding }],
    },
  };
}

async function liveTraining(store: ArtifactStore): Promise<(Training & { runId: string }) | undefined> {
  try {
    const runId = (await readCurrent(store))?.pointer.runId;
    if (runId === undefined) return undefined;
    const [served] = await store.list(artifactKey(runId, 'serving'));
    return served && (await readManifest(store, runId));
  } catch {
    return undefined;
  }
}

import type { Manifest } from '../../engine/artifacts/manifest.ts';
import { isSameTraining, type Training } from '../../engine/artifacts/same-training.ts';
import { CATALOGUE_CURRENT_KEY } from '../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError } from '../../engine/errors.ts';
import type { UnchangedRun } from '../../engine/evaluation/run-report.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { readManifest } from '../shared/runs/registry.ts';
import { isServable } from '../shared/runs/run-index.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/**
 * Whether the run that is live was made of the same: then there is nothing to train.
 *
 * @param inputsOf asked only when a run is live: it takes a pass over all files.
 * @returns undefined when anything is new, when nothing is live, or when the live run cannot be read or served and
 * is better trained anew.
 */
export async function findUnchanged(
  store: ArtifactStore,
  runId: string,
  training: Omit<Training, 'inputs'>,
  inputsOf: () => Promise<Training['inputs']>,
): Promise<UnchangedRun | undefined> {
  const live = await liveTraining(store);
  if (live === undefined || !isSameTraining({ ...training, inputs: await inputsOf() }, live)) return undefined;
  if (live.counts['listedProducts'] === undefined && (await hasCatalogue(store))) return undefined;
  if (!(await isServable(store, live.runId))) return undefined;
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

/** Its first one is worth a run. What changes in it later, such as prices, is not. */
async function hasCatalogue(store: ArtifactStore): Promise<boolean> {
  const [pointer] = await store.list(CATALOGUE_CURRENT_KEY);
  return pointer !== undefined;
}

async function liveTraining(store: ArtifactStore): Promise<Manifest | undefined> {
  try {
    const runId = (await readCurrent(store))?.pointer.runId;
    if (runId === undefined) return undefined;
    return await readManifest(store, runId);
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

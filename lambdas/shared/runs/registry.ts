import { artifactKey, RUNS_PREFIX, runOfKey } from '../../../engine/artifacts/artifact-keys.ts';
import { type Manifest, manifestSchema } from '../../../engine/artifacts/manifest.ts';
import { NotFoundError } from '../../../engine/errors.ts';
import { decodeServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { readJsonArtifact } from '../store/json-artifact.ts';
import { type Current, moveCurrent, readCurrent } from './current.ts';

/** live answers now; previous is what a rollback returns to; ready can be promoted. */
export const RUN_STATUSES = ['live', 'previous', 'ready', 'failed', 'unfinished'] as const;
type RunStatus = (typeof RUN_STATUSES)[number];

export interface RegisteredRun {
  runId: string;
  status: RunStatus;
}

/** All runs, newest first. */
export async function listRuns(store: ArtifactStore): Promise<RegisteredRun[]> {
  const [current, objects] = await Promise.all([readCurrent(store), store.list(RUNS_PREFIX)]);
  const keys = new Set(objects.map(({ key }) => key));
  const runIds = new Set(objects.map(({ key }) => runOfKey(key)));
  return [...runIds].reverse().map((runId) => ({ runId, status: statusOf(runId, current, keys) }));
}

function statusOf(runId: string, current: Current | undefined, keys: ReadonlySet<string>): RunStatus {
  if (runId === current?.pointer.runId) return 'live';
  if (runId === current?.pointer.previous) return 'previous';
  if (keys.has(artifactKey(runId, 'failure'))) return 'failed';
  return keys.has(artifactKey(runId, 'serving')) ? 'ready' : 'unfinished';
}

export function readManifest(store: ArtifactStore, runId: string): Promise<Manifest | undefined> {
  return readJsonArtifact(store, artifactKey(runId, 'manifest'), manifestSchema);
}

/**
 * Makes a finished run live on a person's word, whatever the gate said of it.
 *
 * @returns the run that was live before, null for the first.
 * @throws NotFoundError when there is no such finished run. @throws ArtifactError when its index cannot be read.
 * @throws ConflictError when somebody else moved `current.json` meanwhile.
 */
export async function promoteRun(store: ArtifactStore, runId: string, publishedAt: string): Promise<string | null> {
  const current = await readCurrent(store);
  const index = await store.get(artifactKey(runId, 'serving'));
  if (index === undefined) {
    throw new NotFoundError(
      `Run ${JSON.stringify(runId)} has no ${artifactKey('<run>', 'serving')} in ${store.uri}: it does not exist or did not finish. "npm run runs" lists those that can go live.`,
    );
  }
  decodeServingIndex(index.bytes, runId);
  if (current?.pointer.runId !== runId) await moveCurrent(store, runId, publishedAt, current);
  return current?.pointer.runId ?? null;
}

/**
 * Returns to the run that was live before the present one. Rolling back twice returns to where it began.
 *
 * @returns the run that is live now. @throws NotFoundError when there is none to return to.
 */
export async function rollBack(store: ArtifactStore, publishedAt: string): Promise<string> {
  const current = await readCurrent(store);
  const previous = current?.pointer.previous;
  if (previous === undefined || previous === null) {
    throw new NotFoundError(
      current === undefined
        ? `Nothing is live in ${store.uri}: there is nothing to roll back.`
        : `Run ${current.pointer.runId} is the first that went live: there is none before it. "npm run promote -- RUN" makes any finished run live.`,
    );
  }
  await promoteRun(store, previous, publishedAt);
  return previous;
}

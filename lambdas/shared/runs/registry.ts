import { artifactKey, RUNS_PREFIX, runOfKey } from '../../../engine/artifacts/artifact-keys.ts';
import { type Manifest, manifestSchema } from '../../../engine/artifacts/manifest.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { readJsonArtifact } from '../store/json-artifact.ts';
import { type InspectedCurrent, inspectCurrent } from './current.ts';
import { STOPPED } from './stopped.ts';

/** live answers now; previous is what a rollback returns to; ready can be promoted; unchanged found nothing new to train on. */
const RUN_STATUSES = ['live', 'previous', 'ready', 'failed', 'unchanged', 'unfinished'] as const;
type RunStatus = (typeof RUN_STATUSES)[number];

/** What a person is told, who has looked into `failure.json` as well. */
export const SHOWN_STATUSES = [...RUN_STATUSES, 'stopped'] as const;

/** A run that somebody stopped did not fail by itself. @param failure what its `failure.json` says. */
export function shownStatus(
  status: RunStatus,
  failure: { error?: unknown } | null | undefined,
): (typeof SHOWN_STATUSES)[number] {
  return status === 'failed' && failure?.error === STOPPED ? 'stopped' : status;
}

export interface RegisteredRun {
  runId: string;
  status: RunStatus;
}

/**
 * All runs, newest first.
 *
 * @param onFault is told when `current.json` cannot be read: then no run is known to be live, or previous.
 */
export async function listRuns(
  store: ArtifactStore,
  onFault: (error: ArtifactError) => void,
): Promise<RegisteredRun[]> {
  const [current, objects] = await Promise.all([inspectCurrent(store), store.list(RUNS_PREFIX)]);
  if (current?.fault !== undefined) onFault(current.fault);
  const keys = new Set(objects.map(({ key }) => key));
  const runIds = new Set(objects.map(({ key }) => runOfKey(key)));
  return [...runIds].reverse().map((runId) => ({ runId, status: statusOf(runId, current, keys) }));
}

function statusOf(runId: string, current: InspectedCurrent | undefined, keys: ReadonlySet<string>): RunStatus {
  if (runId === current?.pointer?.runId) return 'live';
  if (runId === current?.pointer?.previous) return 'previous';
  if (keys.has(artifactKey(runId, 'failure'))) return 'failed';
  if (keys.has(artifactKey(runId, 'unchanged'))) return 'unchanged';
  return keys.has(artifactKey(runId, 'serving')) ? 'ready' : 'unfinished';
}

/** @throws ArtifactError when it is torn, or another run's. */
export async function readManifest(store: ArtifactStore, runId: string): Promise<Manifest | undefined> {
  const key = artifactKey(runId, 'manifest');
  const manifest = await readJsonArtifact(store, key, manifestSchema);
  if (manifest === undefined || manifest.runId === runId) return manifest;
  throw new ArtifactError(`${key} in ${store.uri} is of run ${manifest.runId}: it was copied to the wrong place.`);
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RUNS_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import { listRuns } from '../../lambdas/shared/runs/registry.ts';
import { runStartMs } from '../../lambdas/shared/runs/run-id.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { WRITING_PREFIX } from '../../lambdas/shared/store/replace-file.ts';
import type { Screen } from './run-display.ts';

/** A run that did not finish can be resumed as long: as long as S3 keeps the parts of an upload that did not. */
const UNFINISHED_RUN_MS = 7 * 24 * 3_600_000;
/** No single file takes as long to write. */
const UNFINISHED_WRITE_MS = 3_600_000;

/**
 * Removes what processes that died left in a workspace: half-written files, and runs that will not be resumed any more.
 *
 * @param resumedRunId is gone on with now, and stays however old it is.
 */
export async function sweepWorkspace(
  workspace: string,
  store: ArtifactStore,
  screen: Screen,
  nowMs: number,
  resumedRunId?: string,
): Promise<void> {
  const root = resolve(workspace);
  await removeUnfinishedWrites(root, nowMs - UNFINISHED_WRITE_MS);
  for (const { runId, status } of await listRuns(store, () => {})) {
    const startedMs = runStartMs(runId);
    const isOld = startedMs < nowMs - UNFINISHED_RUN_MS;
    if ((status !== 'unfinished' && status !== 'failed') || !isOld || runId === resumedRunId) continue;
    await rm(join(root, RUNS_PREFIX, runId), { recursive: true, force: true });
    screen.write(`Removed run ${runId}, which began more than 7 days ago and did not finish.\n`);
  }
}

async function removeUnfinishedWrites(folder: string, beforeMs: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((found) => found.isDirectory())) {
    const path = join(folder, entry.name);
    if (!entry.name.startsWith(WRITING_PREFIX)) await removeUnfinishedWrites(path, beforeMs);
    else if (await isOlder(path, beforeMs)) await rm(path, { recursive: true, force: true });
  }
}

/** False for what is gone meanwhile. */
async function isOlder(path: string, beforeMs: number): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && stats.mtimeMs < beforeMs;
}

import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { NoModelError } from '../../engine/errors.ts';
import { outcomeOf, runReportSchema } from '../../engine/evaluation/run-report.ts';
import { shellWord } from '../../engine/shell-word.ts';
import { listRuns } from '../../lambdas/shared/runs/registry.ts';
import { readJsonIfSound } from '../../lambdas/shared/store/json-artifact.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { DEFAULT_WORKSPACE, workspaceUri } from './workspace.ts';

/** Whether a run is live in a local folder. */
export async function hasModel(workspace: string): Promise<boolean> {
  const store = await openArtifactStore(workspaceUri(workspace));
  return (await store.get(CURRENT_KEY)) !== undefined;
}

/** @throws NoModelError when nothing is live in a local folder: it says which run could be, and what to do. */
export async function requireModel(workspace: string): Promise<void> {
  if (await hasModel(workspace)) return;
  const store = await openArtifactStore(workspaceUri(workspace));
  const where = workspaceOption(workspace);
  for (const { runId, status } of await listRuns(store, () => {})) {
    const report = await readJsonIfSound(store, artifactKey(runId, 'report'), runReportSchema, () => {});
    if (report !== undefined && outcomeOf(report.verdict) === 'refused') {
      throw new NoModelError(
        `Nothing is live in ${workspace}. Run ${runId} was refused: ${report.verdict.reason.replace(/^Refused: /, '')} ` +
          `Make it live all the same (${promoteCommand(runId, where)}), or train on other data.`,
      );
    }
    if (status !== 'ready') continue;
    throw new NoModelError(
      `Nothing is live in ${workspace}: there is no ${CURRENT_KEY}. Run ${runId} is ready. Make it live: ${promoteCommand(runId, where)}`,
    );
  }
  throw new NoModelError(
    `Nothing is trained in ${workspace}. Train first: npm run train -- --data FILE${where} … (npm start does it on a sample).`,
  );
}

/** @param where the options that say in which workspace or deployment, if any. */
export function promoteCommand(runId: string, where: string): string {
  return `npm run promote -- ${runId}${where}`;
}

export function workspaceOption(workspace: string): string {
  return workspace === DEFAULT_WORKSPACE ? '' : ` --workspace ${shellWord(workspace)}`;
}

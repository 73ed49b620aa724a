import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { storedRequestSchema, type TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { NotFoundError } from '../../engine/errors.ts';
import { runReportSchema, unchangedRunSchema, type Verdict } from '../../engine/evaluation/run-report.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { commandAt } from '../../lambdas/shared/store/suggested-command.ts';
import { withdrawMadeUpShop } from '../sample/made-up-shop.ts';
import { workspaceOption } from './local-model.ts';
import { type RunSummary, runTraining } from './local-run.ts';
import { type Screen, type StageSeconds, showRun } from './run-display.ts';
import { markWhenStopped } from './stop-mark.ts';
import { sweepWorkspace } from './sweep-workspace.ts';
import { prepareWorkspace, useWorkspace, workspaceUri } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

/** It reads the live catalogue, and those after it the live run; before it, the clicks were read and are of use. */
const FIRST_TO_ASK_WHAT_IS_LIVE = 'plan';

/** What `npm run train -- --json` prints as its last line. */
export interface TrainingSummary {
  runId: string;
  /** The folder, or the bucket of a deployment. */
  workspace: string;
  verdict: Verdict;
  /** The run that is live after it; null when none is. */
  live: string | null;
  /** What the shop should know about its clicks, a sentence each. */
  notes: string[];
  /** Seconds from the first stage's start to the last one's end, and of each. */
  seconds: number;
  stages: Record<string, { seconds: number; counts: StageResult['counts'] }>;
  artifacts: Record<string, string>;
}

/** Trains in this process, into a local folder, and shows the stages as they go by. */
export function trainLocally(request: TrainingRequest, workspace: string, screen: Screen): Promise<TrainingSummary> {
  return runLocally(workspace, screen, async () => ({ request }));
}

/**
 * Goes on with a run that failed or was stopped, at the first stage that did not finish, and with its own request.
 *
 * @throws NotFoundError when there is no such run.
 */
export function resumeLocally(runId: string, workspace: string, screen: Screen): Promise<TrainingSummary> {
  return runLocally(workspace, screen, async (store) => {
    const request = await readRequest(store, runId);
    if (request === undefined) {
      const list = commandAt(workspaceOption(workspace), 'runs');
      throw new NotFoundError(
        `Run ${JSON.stringify(runId)} cannot be resumed: there is no ${artifactKey(runId, 'request')} in ${store.uri}. "${list}" lists all runs; after 7 days those that did not finish are removed.`,
      );
    }
    await store.delete(artifactKey(runId, 'failure'));
    return { request, resumedRunId: runId };
  });
}

/** What a run in a local folder was asked; undefined where there is no such run. */
export async function requestOfRun(runId: string, workspace: string): Promise<TrainingRequest | undefined> {
  return readRequest(await openArtifactStore(workspaceUri(workspace)), runId);
}

function readRequest(store: ArtifactStore, runId: string): Promise<TrainingRequest | undefined> {
  return readJsonArtifact(store, artifactKey(runId, 'request'), storedRequestSchema);
}

async function runLocally(
  workspace: string,
  screen: Screen,
  prepare: (store: ArtifactStore) => Promise<{ request: TrainingRequest; resumedRunId?: string }>,
): Promise<TrainingSummary> {
  useWorkspace(workspace);
  const store = await openArtifactStore(workspaceUri(workspace));
  await prepareWorkspace(workspace);
  return withWorkspaceLock(workspace, screen, async () => {
    const { request, resumedRunId } = await prepare(store);
    await sweepWorkspace(workspace, store, screen, Date.now(), resumedRunId);
    const display = showRun(screen, () => performance.now());
    const mark = markWhenStopped(workspace, workspaceOption(workspace));
    const startedAtMs = performance.now();
    try {
      const run = await runTraining(request, display.events, resumedRunId, async (runId, stage) => {
        mark.at(runId, stage);
        if (stage !== FIRST_TO_ASK_WHAT_IS_LIVE) return;
        for (const sentence of await withdrawMadeUpShop(store, workspace, runId)) screen.write(`  ${sentence}\n`);
      });
      return await summarize(run, store, workspace, {
        seconds: (performance.now() - startedAtMs) / 1000,
        stages: display.seconds,
      });
    } finally {
      mark.close();
      display.close();
    }
  });
}

export async function summarize(
  { runId, results }: RunSummary,
  store: ArtifactStore,
  workspace: string,
  took: { seconds: number; stages: StageSeconds },
): Promise<TrainingSummary> {
  const report = await readJsonArtifact(store, artifactKey(runId, 'report'), runReportSchema);
  const { verdict, notes = [] } =
    report ?? (await readJsonArtifact(store, artifactKey(runId, 'unchanged'), unchangedRunSchema))!;
  return {
    runId,
    workspace,
    verdict,
    live: (await readCurrent(store))?.pointer.runId ?? null,
    notes,
    seconds: took.seconds,
    stages: Object.fromEntries(
      Object.entries(results).map(([stage, { counts }]) => [stage, { seconds: took.stages[stage], counts }]),
    ),
    artifacts: Object.assign({}, ...Object.values(results).map(({ keys }) => keys)),
  };
}

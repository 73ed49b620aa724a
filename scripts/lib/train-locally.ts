import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { runReportSchema, unchangedRunSchema, type Verdict } from '../../engine/evaluation/run-report.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { type RunSummary, runTraining } from './local-run.ts';
import { type Screen, type StageSeconds, showRun } from './run-display.ts';
import { useWorkspace, workspaceUri } from './workspace.ts';

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
export async function trainLocally(
  request: TrainingRequest,
  workspace: string,
  screen: Screen,
): Promise<TrainingSummary> {
  useWorkspace(workspace);
  const store = await openArtifactStore(workspaceUri(workspace));
  const display = showRun(screen, () => performance.now());
  const startedAtMs = performance.now();
  try {
    const run = await runTraining(request, display.events);
    return await summarize(run, store, workspace, {
      seconds: (performance.now() - startedAtMs) / 1000,
      stages: display.seconds,
    });
  } finally {
    display.close();
  }
}

export async function summarize(
  { runId, results }: RunSummary,
  store: ArtifactStore,
  workspace: string,
  took: { seconds: number; stages: StageSeconds },
): Promise<TrainingSummary> {
  const report = await readJsonArtifact(store, artifactKey(runId, 'report'), runReportSchema);
  const { verdict } = report ?? (await readJsonArtifact(store, artifactKey(runId, 'unchanged'), unchangedRunSchema))!;
  return {
    runId,
    workspace,
    verdict,
    live: (await readCurrent(store))?.pointer.runId ?? null,
    notes: report?.notes ?? [],
    seconds: took.seconds,
    stages: Object.fromEntries(
      Object.entries(results).map(([stage, { counts }]) => [stage, { seconds: took.stages[stage], counts }]),
    ),
    artifacts: Object.assign({}, ...Object.values(results).map(({ keys }) => keys)),
  };
}

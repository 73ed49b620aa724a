import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { runTrainingInCloud } from './cloud-run.ts';
import { requireDeployment } from './deployment.ts';
import { type Screen, showRun } from './run-display.ts';
import { summarize, type TrainingSummary } from './train-locally.ts';

/** Trains in a deployment, and shows the stages as they go by there. */
export async function trainInCloud(request: TrainingRequest, stage: string, screen: Screen): Promise<TrainingSummary> {
  const deployment = await requireDeployment(stage);
  const clock = { nowMs: 0 };
  const display = showRun(screen, () => clock.nowMs);
  const startedAtMs = performance.now();
  try {
    const run = await runTrainingInCloud(deployment, request, display.events, clock);
    const workspace = `s3://${deployment.bucket}`;
    const seconds = (performance.now() - startedAtMs) / 1000;
    return await summarize(run, await openArtifactStore(workspace), workspace, { seconds, stages: display.seconds });
  } finally {
    display.close();
  }
}

import { resolveConfig } from '../../infra/config.ts';
import { inspectCurrent } from '../../lambdas/shared/runs/current.ts';
import { listRuns } from '../../lambdas/shared/runs/registry.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { namePlace } from '../../lambdas/shared/store/suggested-command.ts';
import { knownSettings } from '../deploy/deployment-settings.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { type Deployment, requireDeployment } from '../lib/deployment.ts';
import { readFigures, warn } from '../lib/read-runs.ts';
import { type StageOptions, withStageOptions } from '../lib/stage-option.ts';
import { placeOptions } from '../lib/store-option.ts';
import { typedPath } from '../lib/typed-path.ts';
import { DEFAULT_WORKSPACE, existingWorkspaceUri } from '../lib/workspace.ts';
import { readAccountFacts } from '../status/account-facts.ts';
import { describeStatus, type Status } from '../status/deployment-status.ts';
import { monthlyCost } from '../status/monthly-cost.ts';

const command = withStageOptions(
  newCommand({
    script: 'status',
    summary:
      'How a deployment is, or a workspace: address, settings, live run, last runs with the cause of a failure, alarms that are on, cost of the month.',
    examples: ['npm run status -- --stage prod', 'npm run status -- --workspace .alike'],
  }).option('--workspace <folder>', 'where the artifacts of local runs are', typedPath, DEFAULT_WORKSPACE),
)
  .option('--json', 'print JSON')
  .action(async (options: StageOptions & { workspace: string; json?: boolean }) => {
    const { stage, workspace } = options;
    const nowMs = Date.now();
    const deployment = stage === undefined ? undefined : await requireDeployment(stage, options);
    const where = placeOptions(options);
    const status = await readStatus(deployment, workspace, where, nowMs);
    process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : describeStatus(status, nowMs, where));
  });

async function readStatus(
  deployment: Deployment | undefined,
  workspace: string,
  where: string,
  nowMs: number,
): Promise<Status> {
  const uri = deployment === undefined ? existingWorkspaceUri(workspace) : `s3://${deployment.bucket}`;
  const store = namePlace(await openArtifactStore(uri), where);
  const [current, registered] = await Promise.all([inspectCurrent(store), listRuns(store, warn)]);
  const runs = await Promise.all(registered.map((run) => readFigures(store, run)));
  const facts = deployment === undefined ? undefined : await readAccountFacts(deployment);
  return {
    deployment,
    store: uri,
    runs,
    liveRunId: current?.pointer?.runId,
    publishedAt: current?.pointer?.publishedAt,
    underWaySince: facts?.underWaySince,
    alarms: facts?.alarmsOn ?? {},
    cost:
      facts &&
      monthlyCost({ apiCalls: facts.apiCalls, alarms: facts.alarmCount, ...settingsOf(deployment), runs }, nowMs),
  };
}

function settingsOf(deployment: Deployment | undefined) {
  const { dashboard, recommendMemoryMb, traceAnswers } = resolveConfig(knownSettings(deployment?.settings ?? {}));
  return { dashboards: dashboard === 'on' ? 1 : 0, recommendMemoryMb, tracesAnswers: traceAnswers === 'on' };
}

process.exitCode = await runCommand(command);

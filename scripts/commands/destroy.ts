import { ConfigurationError } from '../../engine/errors.ts';
import { describeRedeployment } from '../deploy/redeployment.ts';
import { runCdk } from '../lib/cdk.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { confirm } from '../lib/confirm.ts';
import { checkStack, type Deployment, deploymentIn, findStack, stackNameOf, unprotect } from '../lib/deployment.ts';
import { emptyBucket } from '../lib/empty-bucket.ts';
import { deleteOneTimeSchedules } from '../lib/one-time-schedules.ts';
import { neverRan } from '../lib/stack-state.ts';
import { stageArguments, withStageOptions } from '../lib/stage-option.ts';

const command = withStageOptions(
  newCommand({
    script: 'destroy',
    summary:
      'Removes a deployment. With the setting removalPolicy=destroy nothing is left behind, else its bucket and its logs are.',
    examples: ['npm run destroy', 'npm run destroy -- --stage prod', 'npm run destroy -- --yes    # asks nothing'],
  }),
  'dev',
)
  .option('--yes', 'do not ask')
  .action(async ({ stage, region, yes }: { stage: string; region?: string; yes?: boolean }) => {
    const place = stageArguments({ stage, region });
    const stack = await findStack(stage);
    if (stack === undefined) {
      await deleteOneTimeSchedules(stackNameOf(stage));
      process.stdout.write(`There is no stack ${stackNameOf(stage)} in this account and region: nothing to do.\n`);
      return;
    }
    checkStack(stack, 'destroy', { stage, region });
    const { stackName, isProtected } = stack;
    const isFailed = neverRan(stack);
    // Of a removal that failed, the outputs may be gone, too.
    const deployment = isFailed || stack.status === 'DELETE_FAILED' ? stack.deployment : deploymentIn(stack);
    if (isProtected && !isFailed) {
      throw new ConfigurationError(
        `${stackName} is protected against removal. To remove it all the same, first: npm run deploy --${place} --set terminationProtection=off`,
      );
    }
    const deletesData = deployment?.removalPolicy === 'destroy';
    if (!yes) {
      await confirm(
        `Remove ${stackName}${deletesData ? ` together with everything in s3://${deployment.bucket}, uploads too` : ''}?`,
        stackName,
        'Nothing was removed. To remove without a question, give --yes.',
      );
    }
    if (isProtected) await unprotect(stack);
    if (deletesData) {
      const count = await emptyIfThere(deployment.bucket);
      process.stdout.write(`Emptied s3://${deployment.bucket}: ${count} object versions.\n`);
    }
    if (deployment?.console !== undefined) await emptyIfThere(deployment.console.bucket);
    await runCdk(['destroy', '--all', '--force'], { stage });
    const fault: unknown = await deleteOneTimeSchedules(stackName).then(
      () => undefined,
      (error) => error,
    );
    const nothing = fault === undefined ? '; nothing is left.' : '.';
    process.stdout.write(
      `Removed ${stackName}${deletesData ? `${nothing}\n` : describeKept(deployment, stackName, stage, place)}`,
    );
    if (fault !== undefined) throw fault;
  });

/** A removal that failed may have taken the bucket with it. */
async function emptyIfThere(bucket: string): Promise<number> {
  try {
    return await emptyBucket(bucket);
  } catch (error) {
    if ((error as Error).name === 'NoSuchBucket') return 0;
    throw error;
  }
}

/** What of it is left, and how it comes back. */
function describeKept(deployment: Deployment | undefined, stackName: string, stage: string, place: string): string {
  if (deployment === undefined) {
    return `. Unless its removalPolicy was destroy, a bucket and log groups may be left: their names have ${stackName}- in them.\n`;
  }
  return `. Its data is kept in s3://${deployment.bucket}, its logs in their log groups: removalPolicy was retain. ${describeRedeployment(deployment, stage, place)}`;
}

process.exitCode = await runCommand(command);

import { ConfigurationError } from '../../engine/errors.ts';
import { runCdk } from '../lib/cdk.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { confirm } from '../lib/confirm.ts';
import { findDeployment, stackNameOf } from '../lib/deployment.ts';
import { emptyBucket } from '../lib/empty-bucket.ts';
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
    const deployment = await findDeployment(stage);
    if (deployment === undefined) {
      process.stdout.write(`There is no stack ${stackNameOf(stage)} in this account and region: nothing to do.\n`);
      return;
    }
    const { stackName, bucket, console, removalPolicy, isProtected } = deployment;
    if (isProtected) {
      throw new ConfigurationError(
        `${stackName} is protected against removal. To remove it all the same, first: npm run deploy --${place} --set terminationProtection=off`,
      );
    }
    const deletesData = removalPolicy === 'destroy';
    if (!yes) {
      await confirm(
        `Remove ${stackName}${deletesData ? ` together with everything in s3://${bucket}, uploads too` : ''}?`,
        stackName,
        'Nothing was removed. To remove without a question, give --yes.',
      );
    }
    if (deletesData) {
      const count = await emptyBucket(bucket);
      process.stdout.write(`Emptied s3://${bucket}: ${count} object versions.\n`);
    }
    if (console !== undefined) await emptyBucket(console.bucket);
    await runCdk(['destroy', '--all', '--force'], { stage });
    process.stdout.write(
      deletesData
        ? `Removed ${stackName}; nothing is left.\n`
        : `Removed ${stackName}. Its data is kept in s3://${bucket}, its logs in their log groups: removalPolicy was retain. A new deployment takes the bucket up again, with its live model:\n  npm run deploy --${place} --set bucket=${bucket}\n`,
    );
  });

process.exitCode = await runCommand(command);

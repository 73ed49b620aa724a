import { ConfigurationError } from '../../engine/errors.ts';
import { resolveConfig } from '../../infra/config.ts';
import { putJson } from '../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import { knownSettings } from '../deploy/deployment-settings.ts';
import { type DeployedReading, readingOf } from '../forget/deployed-reading.ts';
import type { TextReading, Visitor } from '../forget/erase-records.ts';
import { forgetVisitor } from '../forget/forget-visitor.ts';
import { refuseSecondRun, untilUploadsAreOlder } from '../lib/cloud-run.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { confirm } from '../lib/confirm.ts';
import { requireDeployment } from '../lib/deployment.ts';
import { type StageOptions, stageArguments, withStageOptions } from '../lib/stage-option.ts';
import { trainInCloud } from '../lib/train-in-cloud.ts';

interface ForgetOptions extends StageOptions {
  stage: string;
  session?: string[];
  user?: string[];
  yes?: boolean;
}

const command = withStageOptions(
  newCommand({
    script: 'forget',
    summary:
      'Erases visitors from a deployment: from all versions of the files under raw/, and from every kept run, by training a run without them and deleting those before it. Prints a receipt.',
    examples: [
      'npm run forget -- --stage prod --session 4711 4712',
      'npm run forget -- --stage prod --user u-17 --yes',
    ],
  }),
  'dev',
)
  .option('--session <ids...>', 'erase these sessions')
  .option('--user <ids...>', 'erase these users, where the clickstream has a user column')
  .option('--yes', 'do not ask')
  .action(async (options: ForgetOptions) => {
    const deployment = await requireDeployment(options.stage, options);
    const { trainingDefaults, logRetentionDays } = resolveConfig(knownSettings(deployment.settings ?? {}));
    const uri = `s3://${deployment.bucket}`;
    const store = await openArtifactStore(uri);
    const { visitor, reading } = whatToSearch(await readingOf(store, trainingDefaults), options);
    if (!options.yes) {
      await confirm(
        `Erase ${visitor.ids.length} ${options.user === undefined ? 'sessions' : 'users'} from ${deployment.stackName} for good, retrain, and delete all runs before?`,
        deployment.stackName,
        'Nothing was erased. To erase without a question, give --yes.',
      );
    }
    const place = { client: newS3Client(), bucket: deployment.bucket, store, logRetentionDays };
    const receipt = await forgetVisitor(place, visitor, reading, {
      refuseSecondRun: () => refuseSecondRun(deployment),
      async retrain() {
        // What was rewritten is an upload, too.
        await untilUploadsAreOlder();
        const { runId } = await trainInCloud({ force: true }, { ...options, add: false }, process.stderr);
        return runId;
      },
    });
    const key = `erasures/${receipt.at.replaceAll(/[-:.]/g, '')}.json`;
    await putJson(store, key, receipt);
    process.stdout.write(`${JSON.stringify(receipt, undefined, 2)}\n`);
    process.stderr.write(`The receipt is kept as ${uri}/${key}; it names no visitor.\n`);
  });

/** @throws ConfigurationError when no single column says whose a record is. */
function whatToSearch(
  { columns, ...reading }: DeployedReading,
  { session, user, stage, region }: ForgetOptions,
): { visitor: Visitor; reading: TextReading } {
  if ((session === undefined) === (user === undefined)) {
    throw new ConfigurationError('Say who is to be forgotten: --session ID… or --user ID…, one of the two.');
  }
  const column = session === undefined ? columns.user : columns.session;
  if (typeof column !== 'string') {
    throw new ConfigurationError(
      column === undefined
        ? `The clickstream has no ${session === undefined ? 'user' : 'session'} column: see the deployment's settings (npm run status --${stageArguments({ stage, region })}), and use --${session === undefined ? 'session' : 'user'}.`
        : `A session is told by several columns here (${column.join(', ')}); sessions can be erased where it is one. Use --user.`,
    );
  }
  return { visitor: { column, ids: (session ?? user)! }, reading };
}

process.exitCode = await runCommand(command);

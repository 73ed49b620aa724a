import { ConfigurationError } from '../../engine/errors.ts';
import { publishConsole } from '../console/publish-console.ts';
import { CHANGE_SET, deleteChangeSet, readChangeSet } from '../deploy/change-set.ts';
import { checkTyped, knownSettings, nextSettings, type TypedSettings } from '../deploy/deployment-settings.ts';
import { type ResourceChange, replacementLosses } from '../deploy/replacements.ts';
import { describeChange, settingsChanges, valueText } from '../deploy/settings-change.ts';
import { runCdk } from '../lib/cdk.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { confirm } from '../lib/confirm.ts';
import {
  checkStack,
  type Deployment,
  deploymentIn,
  type FoundStack,
  findStack,
  requireDeployment,
  stackNameOf,
  unprotect,
} from '../lib/deployment.ts';
import { emptyBucket } from '../lib/empty-bucket.ts';
import { repeatable } from '../lib/repeatable.ts';
import { collectSet } from '../lib/set-option.ts';
import { type FileSettings, fileSettingsOf, SETTINGS_FILE } from '../lib/settings-file.ts';
import { neverRan } from '../lib/stack-state.ts';
import { type StageOptions, stageArguments, withStageOptions } from '../lib/stage-option.ts';

interface DeployOptions extends TypedSettings, StageOptions {
  stage: string;
  yes?: boolean;
}

const command = withStageOptions(
  newCommand({
    script: 'deploy',
    summary: `Deploys Alike into your AWS account, or updates it there. An update keeps every setting that the stack has;
--set changes one, --unset returns one to its default. docs/operations.md lists them all. Settings of a stage may also
stand in ${SETTINGS_FILE}: {"prod": {"access": "public"}}.`,
    examples: [
      'npm run deploy',
      'npm run deploy -- --stage prod --set access=public --set alarmEmail=ops@shop.example',
      'npm run deploy -- --stage prod --unset alarmEmail',
      'npm run deploy -- --stage prod --region eu-central-1 --yes    # in CI: asks nothing',
    ],
  }),
  'dev',
)
  .option('--set <name=value>', 'change one setting; may be given again', collectSet('access=public', String), {})
  .option(
    '--unset <name>',
    'return one setting to its default; may be given again',
    repeatable((name: string, names: string[]) => [...names, name]),
    [],
  )
  .option('--yes', 'do not ask, neither before somebody loses something nor before permissions are widened')
  .action(async (options: DeployOptions) => {
    const { stage, yes } = options;
    const files = fileSettingsOf(stage);
    checkTyped(files, options);
    const stack = await findStack(stage);
    if (stack !== undefined) checkStack(stack, 'deploy', options);
    const deployed = stack === undefined || neverRan(stack) ? undefined : deploymentIn(stack);
    if (stack !== undefined && deployed === undefined) {
      process.stderr.write(
        `The last deployment of ${stack.stackName} failed (${stack.status}), and nothing of it runs: it is made anew, with the settings that are given now.\n`,
      );
    }
    const settings = await decideSettings(deployed, files, options);
    if (deployed === undefined && !yes && !process.stdin.isTTY) {
      throw new ConfigurationError(
        `Nothing was deployed. ${stackNameOf(stage)} makes roles and their permissions, which CDK has somebody confirm. To go on without a question, as in CI, give --yes.`,
      );
    }
    const context = Object.entries(settings).map(([name, value]) => [name, valueText(value)]);
    const cdk = (...args: string[]) => {
      const approval = yes ? ['--require-approval', 'never'] : [];
      return runCdk(['deploy', ...approval, ...args], { ...Object.fromEntries(context), stage });
    };
    // A bucket goes only when it is empty; what it has can be built again.
    if (deployed?.console !== undefined && settings['console'] !== 'hosted') await emptyBucket(deployed.console.bucket);
    if (deployed !== undefined) await update(deployed, settings, cdk, yes === true);
    else await create(stack, settings, cdk);
    const now = await requireDeployment(stage, options);
    process.stdout.write(nextSteps(now, options));
    if (now.console !== undefined) await showConsole(now.console, settings, stage);
  });

/** Shows what changes and asks where somebody loses something. @returns the settings to deploy. */
async function decideSettings(
  deployed: Deployment | undefined,
  files: FileSettings,
  options: DeployOptions,
): Promise<Record<string, unknown>> {
  const name = stackNameOf(options.stage);
  const losses: string[] = [];
  if (deployed !== undefined && deployed.settings === undefined) {
    losses.push(
      `${name} was deployed by release 0.1, which kept no settings: whatever is not given now returns to its default. It has access ${deployed.access} and removalPolicy ${deployed.removalPolicy}; the others stand in your last command.`,
    );
  }
  const kept = deployed?.settings ?? (deployed && { access: deployed.access, removalPolicy: deployed.removalPolicy });
  const next = nextSettings(deployed?.settings, files, options);
  const unknown = Object.keys(kept ?? {}).filter((setting) => !(setting in knownSettings(kept ?? {})));
  const changes = settingsChanges(kept && knownSettings(kept), next);
  losses.push(...new Set(changes.flatMap(({ loss }) => loss ?? [])));
  process.stderr.write(
    [
      deployed === undefined
        ? `${name} is new.`
        : `${name} keeps its settings${changes.length === 0 ? '.' : ', but for:'}`,
      ...changes.map(describeChange),
      ...unknown.map((setting) => `  ${setting}: no longer a setting, left out`),
      '',
    ].join('\n'),
  );
  if (losses.length > 0 && !options.yes) {
    await confirm(
      `${losses.join('\n')}\nGo on?`,
      'yes',
      `Nothing was deployed. ${losses.join(' ')} To go on without a question, as in CI, give --yes.`,
    );
  }
  return next.given;
}

/** @param failed what an earlier attempt left, which CDK removes first. */
async function create(
  failed: FoundStack | undefined,
  settings: Record<string, unknown>,
  cdk: (...args: string[]) => Promise<void>,
): Promise<void> {
  if (failed?.isProtected) await unprotect(failed);
  // A bucket that an earlier stack left behind becomes this one's.
  await cdk('--all', ...(settings['bucket'] === undefined ? [] : ['--import-existing-resources']));
}

/** Updates a stack, and asks first where code or settings replace what holds data, or what others know by its address. */
async function update(
  { stackName, settings: kept }: Deployment,
  settings: Record<string, unknown>,
  cdk: (...args: string[]) => Promise<void>,
  yes: boolean,
): Promise<void> {
  // Where CDK has a question of its own and nobody can answer, it ends here.
  const fault: unknown = await cdk('--all', '--method', 'prepare-change-set', '--change-set-name', CHANGE_SET).then(
    () => undefined,
    (error) => error,
  );
  const changes = await readChangeSet(stackName);
  if (changes === undefined && fault === undefined) {
    process.stderr.write(`Nothing changes in ${stackName}.\n`);
    return;
  }
  // Another bucket is asked about as a setting.
  const isAsked = ({ ResourceType }: ResourceChange) =>
    ResourceType === 'AWS::S3::Bucket' && kept?.['bucket'] !== settings['bucket'];
  const losses = replacementLosses((changes ?? []).filter((change) => !isAsked(change)));
  if (losses.length > 0) {
    process.stderr.write(`\nThis replaces what ${stackName} has:\n${losses.map((loss) => `  ! ${loss}\n`).join('')}`);
  }
  try {
    if (fault !== undefined) throw fault;
    process.stderr.write('\nThe change is prepared, and not made yet.\n');
    if (losses.length > 0 && !yes) {
      const refusal = `Nothing was deployed. ${losses.join(' ')} To go on without a question, as in CI, give --yes.`;
      await confirm('Go on?', 'yes', refusal);
    }
  } catch (refusal) {
    if (changes !== undefined) await deleteChangeSet(stackName);
    throw refusal;
  }
  // Of what was synthesized for it.
  await cdk('Alike', '--app', 'cdk.out', '--method', 'execute-change-set', '--change-set-name', CHANGE_SET);
}

async function showConsole(
  { url, bucket }: NonNullable<Deployment['console']>,
  settings: Record<string, unknown>,
  stage: string,
): Promise<void> {
  const [issuer, clientId] = [String(settings['consoleIssuer']), String(settings['consoleClientId'])];
  await publishConsole(bucket, { place: `stage ${stage}`, issuer, clientId });
  process.stdout.write(
    `The console is at ${url}\nIts client ${clientId} at ${issuer} needs ${url} as a callback address.\n`,
  );
}

function nextSteps({ apiUrl, bucket }: Deployment, options: DeployOptions): string {
  const place = stageArguments(options);
  return `
The API is at ${apiUrl}.
Upload a clickstream, and a run starts by itself:
  aws s3 cp clicks.csv s3://${bucket}/raw/
Or train on what is there and watch:
  npm run train --${place}
Then ask:
  npm run recommend -- A13${place}
See how it is:
  npm run status --${place}
`;
}

process.exitCode = await runCommand(command);

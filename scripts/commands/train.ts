import { Option } from 'commander';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import { outcomeOf } from '../../engine/evaluation/run-report.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { workspaceOption } from '../lib/local-model.ts';
import { withReadingOptions } from '../lib/reading-options.ts';
import { type StageOptions, stageArguments, useStage, withStageOptions } from '../lib/stage-option.ts';
import { requestOfRun, resumeLocally, type TrainingSummary, trainLocally } from '../lib/train-locally.ts';
import { collectSetting, type TrainingOptions, trainingRequestOf, typedRequestOf } from '../lib/training-options.ts';
import { typedPath, typedPaths } from '../lib/typed-path.ts';
import { UsageError } from '../lib/usage-error.ts';
import { DEFAULT_WORKSPACE } from '../lib/workspace.ts';
import { argvOfRequest, namingData } from '../train/naming-data.ts';
import { describeOutcome, exitCodeOf } from '../train/outcome.ts';

let exitCode = 0;

const command = withReadingOptions(
  withStageOptions(
    newCommand({
      script: 'train',
      summary:
        'Trains on a clickstream, from the file to the published model: on this machine, or with --stage in a deployment, which trains on all of its uploads unless --data names something else.',
      examples: [
        'npm run train -- --data clicks.csv',
        'npm run train -- --data clicks.csv --session visit_id --product sku --time clicked_at',
        "npm run train -- --data log.jsonl --user visitor --gap 30m --product 'items[].sku' --time ts --event type --events view=1",
        'npm run train -- --data .alike/data/eshop.csv --format eshop --set vector_size=64 --set k=20',
        'npm run train -- --resume 20261123T161500123Z-9f3a02c1',
        'npm run train -- --stage prod',
        'npm run train -- --stage prod --data clicks.csv --add',
      ],
    }).option('--workspace <folder>', 'where artifacts go', typedPath, DEFAULT_WORKSPACE),
  ),
)
  .option(
    '--data <files...>',
    'CSV, TSV, JSON Lines, JSON or Parquet, plain or gzip or zstd; files, folders, globs, s3:// or file:// addresses, several are one table',
    typedPaths,
  )
  .option('--add', 'with --stage: add the file to what every run reads, and train on all of it')
  .addOption(
    new Option('--cloud [stage]', 'another name of --stage (dev when left out)')
      .conflicts(['stage', 'workspace'])
      .hideHelp(),
  )
  .addOption(new Option('--preset <name>', 'settings to start from').choices(Object.keys(PRESETS)))
  .option('--set <key=value>', 'change one setting; may be given again', collectSetting, {})
  .option('--force', 'train even if nothing is new, and go live whatever the gate says; it stands in the report')
  .option('--resume <run>', 'go on with a run that failed or was stopped, at the first stage that did not finish')
  .option('--json', "print the run's summary as JSON in the last line")
  .action(async (options: TrainOptions) => {
    const stage = options.stage ?? (options.cloud === true ? 'dev' : options.cloud);
    const summary = stage === undefined ? await trainHere(options) : await trainThere(options, stage);
    for (const note of summary.notes) process.stderr.write(`  Note: ${note}\n`);
    const where =
      stage === undefined ? workspaceOption(options.workspace) : stageArguments({ stage, region: options.region });
    process.stderr.write(describeOutcome(summary, where));
    exitCode = exitCodeOf(summary);
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (stage === undefined && summary.live !== null && outcomeOf(summary.verdict) !== 'refused') {
      process.stdout.write(`Serve it:\n  npm run serve${where === '' ? '' : ` --${where}`}\n`);
    }
  });

function trainHere(options: TrainOptions): Promise<TrainingSummary> {
  if (options.add) throw new UsageError('--add is for a deployment: give --stage as well.');
  if (options.resume !== undefined) {
    refuseRequest();
    process.stderr.write(`Resuming run ${options.resume} in ${options.workspace}\n`);
    const { resume, workspace } = options;
    return resumeLocally(resume, workspace, process.stderr).catch(async (error: unknown) => {
      const request = await requestOfRun(resume, workspace).catch(() => undefined);
      throw request === undefined ? error : namingData(error, argvOfRequest(request, workspace));
    });
  }
  const request = trainingRequestOf(options);
  process.stderr.write(
    `Training on ${[options.data].flat().join(', ')} (preset ${request.preset}) into ${options.workspace}\n`,
  );
  return trainLocally(request, options.workspace, process.stderr).catch((error: unknown) => {
    throw namingData(error, process.argv.slice(2));
  });
}

async function trainThere(options: TrainOptions, stage: string): Promise<TrainingSummary> {
  useStage(stage, options.region);
  // A local run does not pay for loading the SDK.
  const { resumeInCloud, trainInCloud } = await import('../lib/train-in-cloud.ts');
  if (options.resume !== undefined) {
    refuseRequest();
    return resumeInCloud(options.resume, { stage, region: options.region }, process.stderr);
  }
  const deployment = { stage, region: options.region, add: options.add === true };
  return trainInCloud(typedRequestOf(options), deployment, process.stderr).catch((error: unknown) => {
    throw namingData(error, process.argv.slice(2));
  });
}

/** Which run it is, and how it is shown. */
const OF_RESUMING = ['--resume', '--workspace', '--stage', '--cloud', '--region', '--json'];

/** @throws UsageError when something was typed that a run has settled when it began. */
function refuseRequest(): void {
  const typed = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) => long!)
    .filter((flag) => !OF_RESUMING.includes(flag));
  if (typed.length === 0) return;
  throw new UsageError(
    `--resume goes on with the run's own request: leave out ${typed.join(', ')}, or start another run without --resume.`,
  );
}

interface TrainOptions extends TrainingOptions, StageOptions {
  add?: boolean;
  resume?: string;
  workspace: string;
  cloud?: string | true;
  json?: boolean;
}

process.exitCode = (await runCommand(command)) || exitCode;

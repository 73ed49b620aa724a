import { Option } from 'commander';
import { FORMATS, PRESETS } from '../engine/artifacts/training-request.ts';
import { newCommand, runCommand } from './lib/command.ts';
import { trainInCloud } from './lib/train-in-cloud.ts';
import { trainLocally } from './lib/train-locally.ts';
import { collectSetting, type TrainingOptions, trainingRequestOf } from './lib/training-options.ts';
import { DEFAULT_WORKSPACE } from './lib/workspace.ts';

const command = newCommand({
  script: 'train',
  summary:
    'Trains on a clickstream: runs the whole state machine on this machine, from the file to the published model.',
  examples: [
    'npm run train -- --data clicks.csv --session visit_id --product sku --time clicked_at',
    'npm run train -- --data clicks/ --session s --product p --order n --preset layer',
    'npm run train -- --data .alike/data/eshop.csv --format eshop --set vector_size=64 --set k=20',
    'npm run train -- --cloud prod --data clicks.csv --format eshop',
  ],
})
  .requiredOption('--data <file>', 'CSV, TSV, JSON Lines or Parquet, plain or gzip or zstd; a file, a folder or a URI')
  .addOption(new Option('--format <name>', 'a known column layout').choices(Object.keys(FORMATS)))
  .option('--session <column>', "the column with a session's id")
  .option('--product <column>', "the column with a product's id")
  .option('--order <column>', "the column that numbers a session's views")
  .option('--time <columns>', 'the column, or columns separated by commas, that say when', (text) => text.split(','))
  .option('--delimiter <character>', 'detected when left out')
  .addOption(new Option('--encoding <name>', 'of a text file').choices(['utf-8', 'latin-1', 'utf-16']))
  .option('--workspace <folder>', 'where artifacts go', DEFAULT_WORKSPACE)
  .option('--cloud [stage]', 'train in the deployment of this stage instead (dev when left out)')
  .addOption(new Option('--preset <name>', 'settings to start from').choices(Object.keys(PRESETS)).default('tuned'))
  .option('--set <key=value>', 'change one setting; may be given again', collectSetting, {})
  .option('--force', 'go live whatever the gate says; it stands in the report')
  .option('--json', "print the run's summary as JSON in the last line")
  .action(async (options: TrainOptions) => {
    const request = trainingRequestOf(options);
    const cloudStage = options.cloud === true ? 'dev' : options.cloud;
    const place = cloudStage === undefined ? options.workspace : `the deployment ${cloudStage}`;
    process.stderr.write(`Training on ${options.data} (preset ${request.preset}) into ${place}\n`);
    const summary =
      cloudStage === undefined
        ? await trainLocally(request, options.workspace, process.stderr)
        : await trainInCloud(request, cloudStage, process.stderr);
    for (const note of summary.notes) process.stderr.write(`  Note: ${note}\n`);
    process.stderr.write(
      `Run ${summary.runId} ${summary.verdict.promoted ? 'is live' : 'did not go live'}: ${summary.verdict.reason} ${summary.seconds.toFixed(1)} s.\n`,
    );
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (cloudStage === undefined) {
      process.stdout.write(
        `Serve it:\n  npm run serve${options.workspace === DEFAULT_WORKSPACE ? '' : ` -- --workspace "${options.workspace}"`}\n`,
      );
    }
  });

interface TrainOptions extends TrainingOptions {
  workspace: string;
  cloud?: string | true;
  json?: boolean;
}

process.exitCode = await runCommand(command);

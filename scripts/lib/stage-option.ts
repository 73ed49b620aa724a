import { type Command, Option } from 'commander';
import { checkRegion, checkStage } from '../../infra/config.ts';
import { fileSettingsOf } from './settings-file.ts';
import { UsageError } from './usage-error.ts';

export interface StageOptions {
  /** Undefined where a command works on a workspace as well, and none was named. */
  stage?: string;
  region?: string;
}

/**
 * `--stage` and `--region`, the one way to name a deployment. Before the command's action, the region of the stage is
 * put where the AWS SDK and the CDK look for it.
 *
 * @param defaultStage none for a command that works on a workspace as well.
 */
export function withStageOptions(command: Command, defaultStage?: 'dev'): Command {
  const conflicts = command.options.some(({ long }) => long === '--workspace') ? ['workspace'] : [];
  return command
    .addOption(
      new Option('--stage <name>', 'which of the deployments in the account')
        .default(defaultStage)
        .conflicts(conflicts),
    )
    .option('--region <name>', "of the deployment; the environment's or the profile's when left out")
    .hook('preAction', () => {
      const { stage, region, cloud } = command.opts<StageOptions & { cloud?: unknown }>();
      if (stage !== undefined) useStage(stage, region);
      // `train` takes the stage from --cloud as well.
      else if (region !== undefined && cloud === undefined) {
        throw new UsageError('--region is for a deployment: give --stage as well.');
      }
    });
}

/** Checks the two names and sets the region. @throws ConfigurationError */
export function useStage(stage: string, region: string | undefined): void {
  checkStage(stage);
  const chosen = region ?? fileSettingsOf(stage).region;
  if (chosen === undefined) return;
  checkRegion(chosen);
  process.env['AWS_REGION'] = chosen;
  process.env['AWS_DEFAULT_REGION'] = chosen;
}

/** ` --stage prod`, as a command to be typed goes on; nothing for the default stage. */
export function stageArguments({ stage, region }: StageOptions): string {
  return `${stage === undefined ? '' : ` --stage ${stage}`}${region === undefined ? '' : ` --region ${region}`}`;
}

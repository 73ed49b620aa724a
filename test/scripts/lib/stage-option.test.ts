import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stageArguments, withStageOptions } from '../../../scripts/lib/stage-option.ts';

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_DEFAULT_REGION', undefined);
});
afterEach(() => vi.unstubAllEnvs());

function run(...argv: string[]): unknown {
  let options: unknown;
  withStageOptions(new Command('x').option('--workspace <folder>', '', '.alike').option('--cloud [stage]'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action((given) => {
      options = given;
    })
    .parse(argv, { from: 'user' });
  return options;
}

describe('--stage and --region', () => {
  it('say which deployment is meant, and where the SDK and the CDK look', () => {
    expect(run('--stage', 'prod', '--region', 'eu-central-1')).toMatchObject({ stage: 'prod', region: 'eu-central-1' });
    expect(process.env['AWS_REGION']).toBe('eu-central-1');
    expect(process.env['AWS_DEFAULT_REGION']).toBe('eu-central-1');
  });

  it('leave the region to the environment when none is named', () => {
    run('--stage', 'prod');
    expect(process.env['AWS_REGION']).toBe('us-east-1');
  });

  it('may stand beside the other name of --stage', () => {
    expect(run('--cloud', 'prod', '--region', 'eu-central-1')).toMatchObject({ region: 'eu-central-1' });
  });

  it.each([
    [['--stage', 'Pro-d'], /lower-case letters/],
    [['--stage', 'prod', '--region', 'zurich'], /eu-central-1/],
    [['--stage', 'prod', '--region', 'eu-middle-1'], /eu-central-1/],
    [['--stage', 'prod', '--workspace', 'x'], /cannot be used with/],
    [['--region', 'eu-central-1'], '--region is for a deployment: give --stage as well.'],
  ])('%j is refused', (argv, message) => {
    expect(() => run(...argv)).toThrow(message);
  });

  it('are repeated in a command that is to be typed', () => {
    expect(stageArguments({ stage: 'prod', region: 'eu-central-1' })).toBe(' --stage prod --region eu-central-1');
    expect(stageArguments({})).toBe('');
  });
});

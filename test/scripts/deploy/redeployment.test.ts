import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../infra/config.ts';
import { nextSettings } from '../../../scripts/deploy/deployment-settings.ts';
import { describeRedeployment } from '../../../scripts/deploy/redeployment.ts';
import { collectSet } from '../../../scripts/lib/set-option.ts';

const NO_FILES = { settings: {}, origins: {} };
const TYPED: Record<string, string> = {
  access: 'public',
  corsOrigins: 'https://shop.example,https://b.example',
  alarmEmail: "o'hara@shop.example",
  sessionColumn: 'visit',
  productColumn: 'items[].sku',
  where: '["country=CH","note=a, b"]',
  training: '{"k":20}',
};

/** As a shell takes the command apart. */
function argumentsOf(text: string): string[] {
  const command = text.split('\n').find((line) => line.startsWith('  npm run deploy --'))!;
  return execFileSync('sh', ['-c', `printf '%s\\0' ${command.replace(/^ *npm run deploy --/, '')}`])
    .toString()
    .split('\0')
    .slice(0, -1);
}

function keptBy(typed: Record<string, string>): Record<string, unknown> {
  // As the stack's output gives them back.
  return JSON.parse(JSON.stringify(nextSettings(undefined, NO_FILES, { set: typed, unset: [] }).given));
}

describe('the command that deploys a removed stack again', () => {
  it('gives every setting that is not as by default, as deploy takes it through a shell', () => {
    const settings = { ...keptBy(TYPED), throttleRate: 100, terminationProtection: 'off' };
    const text = describeRedeployment({ bucket: 'kept', settings, access: 'public' }, 'dev', ' --stage dev');
    const [stage, name, ...set] = argumentsOf(text);
    expect([stage, name]).toEqual(['--stage', 'dev']);
    const typed = set
      .filter((word) => word !== '--set')
      .reduce((all, word) => collectSet('a=b', String)(word, all), {} as Record<string, string>);
    expect(text).toContain('corsOrigins=https://shop.example,https://b.example');
    expect(keptBy(typed)).toEqual({ ...keptBy(TYPED), bucket: 'kept' });
  });

  it('names a file where there are too many, which deploy takes as well', () => {
    const settings = keptBy({ ...TYPED, schedule: 'cron(0 3 * * ? *)' });
    const text = describeRedeployment({ bucket: 'kept', settings, access: 'public' }, 'dev', ' --stage dev');
    expect(text).toContain('put them into alike.config.json');
    expect(argumentsOf(text)).toEqual(['--stage', 'dev']);
    const file = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
    expect(resolveConfig(file.dev).given).toEqual(resolveConfig({ ...settings, bucket: 'kept' }).given);
  });

  it('has the bucket alone where all was as by default', () => {
    expect(describeRedeployment({ bucket: 'kept', settings: {}, access: 'iam' }, 'dev', ' --stage dev')).toBe(
      'A new deployment takes the bucket up again, with its live model:\n  npm run deploy -- --stage dev --set bucket=kept\n',
    );
  });

  it('says of a stack of release 0.1 what it cannot know', () => {
    const text = describeRedeployment({ bucket: 'kept', settings: undefined, access: 'public' }, 'dev', ' --stage dev');
    expect(text).toContain('add those it had');
    expect(argumentsOf(text)).toEqual(['--stage', 'dev', '--set', 'access=public', '--set', 'bucket=kept']);
  });
});

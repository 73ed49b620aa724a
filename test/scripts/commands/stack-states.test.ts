import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeAccount, openFakeAccount, outputsOf } from '../../support/fake-account.ts';
import { runCommandHere } from '../../support/run-command.ts';

const cdk = vi.hoisted(() => ({ calls: [] as string[][] }));
vi.mock('../../../scripts/lib/cdk.ts', () => ({
  async runCdk(args: string[]) {
    cdk.calls.push(args);
  },
}));

let account: FakeAccount;
beforeEach(async () => {
  cdk.calls = [];
  account = await openFakeAccount();
});
afterEach(() => account.close());

const at = ['--stage', 'broke'];
const USES: [string, ...string[]][] = [
  ['recommend', 'A1'],
  ['status'],
  ['runs'],
  ['train'],
  ['train', '--resume', 'x'],
  ['console'],
  ['promote', 'x'],
  ['rollback'],
  ['catalogue', 'list'],
  ['rules', 'list'],
  ['forget', '--user', 'u1', '--yes'],
];

describe.each(USES)('npm run %s %s', (name, ...argv) => {
  it('says of a deployment that failed at its first attempt that it did, and what to do', async () => {
    // MiniStack gives an empty reason, AWS none.
    account.stack = { status: 'ROLLBACK_COMPLETE', reason: '' };
    const { exitCode, stdout, stderr } = await runCommandHere(name, ...argv, ...at);
    expect(stderr).toBe(
      'error: The last deployment of alike-broke failed (ROLLBACK_COMPLETE), and nothing of it runs: deploy it again (npm run deploy -- --stage broke), or remove it (npm run destroy -- --stage broke).\n',
    );
    expect([exitCode, stdout]).toEqual([1, '']);
  });
});

it('a stack of something else is none of Alike', async () => {
  account.stack = { status: 'CREATE_COMPLETE', outputs: { Other: 'x' } };
  const { stderr } = await runCommandHere('runs', ...at);
  expect(stderr).toMatch(/^error: The stack alike-broke \(CREATE_COMPLETE\) has not the outputs ApiUrl, /);
});

describe('npm run deploy', () => {
  const deploy = (...argv: string[]) => runCommandHere('deploy', ...at, '--yes', ...argv);

  it.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'])(
    'makes a stack anew that is %s, over a bucket that was kept',
    async (status) => {
      account.stack = { status };
      const { stderr } = await deploy('--set', 'bucket=kept');
      expect(cdk.calls).toEqual([['deploy', '--require-approval', 'never', '--all', '--import-existing-resources']]);
      expect(stderr).toContain(
        `The last deployment of alike-broke failed (${status}), and nothing of it runs: it is made anew`,
      );
      expect(stderr).not.toMatch(/undefined|release 0\.1|keeps its settings|is replaced/);
      expect(account.asked).not.toContain('UpdateTerminationProtection');
    },
  );

  it('takes the protection from a stack that never ran, which CDK could not remove', async () => {
    account.stack = { status: 'ROLLBACK_COMPLETE', isProtected: true };
    await deploy();
    expect(account.asked).toContain('UpdateTerminationProtection');
    expect(cdk.calls).toHaveLength(1);
  });

  it.each([
    ['CREATE_IN_PROGRESS', undefined, 'is being deployed for the first time (CREATE_IN_PROGRESS): wait'],
    ['ROLLBACK_IN_PROGRESS', undefined, 'failed, and what it made is being removed (ROLLBACK_IN_PROGRESS): wait'],
    [
      'CREATE_FAILED',
      undefined,
      'failed (CREATE_FAILED), and nothing of it runs: remove it (npm run destroy -- --stage broke), then',
    ],
    ['DELETE_IN_PROGRESS', {}, 'is being removed (DELETE_IN_PROGRESS): wait'],
    ['DELETE_FAILED', {}, 'was removed in part only (DELETE_FAILED: No): remove the rest'],
    ['UPDATE_IN_PROGRESS', {}, 'is being changed (UPDATE_IN_PROGRESS): wait'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', {}, 'is being changed'],
    [
      'UPDATE_ROLLBACK_FAILED',
      {},
      'some of it may be new and some old. Bring it back first (aws cloudformation continue-update-rollback --stack-name alike-broke)',
    ],
    ['UPDATE_FAILED', {}, 'aws cloudformation rollback-stack --stack-name alike-broke'],
  ])('refuses a stack that is %s', async (status, settings, message) => {
    account.stack = {
      status,
      outputs: settings && outputsOf(settings),
      reason: status === 'DELETE_FAILED' ? 'No.' : undefined,
    };
    const { exitCode, stderr } = await deploy();
    expect(stderr).toContain(message);
    expect([exitCode, cdk.calls]).toEqual([1, []]);
  });

  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'updates a stack that is %s',
    async (status) => {
      account.stack = { status, outputs: outputsOf({ access: 'public' }) };
      const { stderr } = await deploy();
      expect(stderr).toContain('alike-broke keeps its settings.');
      expect(cdk.calls[0]).toContain('prepare-change-set');
    },
  );
});

describe('a stack that runs', () => {
  it.each([
    ['UPDATE_ROLLBACK_COMPLETE', ''],
    ['UPDATE_IN_PROGRESS', ''],
    [
      'UPDATE_ROLLBACK_FAILED',
      'warning: The last update of alike-broke failed and was not undone (UPDATE_ROLLBACK_FAILED): some of it may be new and some old.\n',
    ],
  ])('is used while it is %s', async (status, warning) => {
    account.stack = { status, outputs: outputsOf() };
    const { requireDeployment } = await import('../../../scripts/lib/deployment.ts');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await requireDeployment('broke')).toMatchObject({ bucket: 'a-bucket' });
    expect(stderr.mock.calls.join('')).toBe(warning);
    stderr.mockRestore();
  });
});

describe('npm run destroy', () => {
  const destroy = (...argv: string[]) => runCommandHere('destroy', ...at, '--yes', ...argv);

  it('removes a stack that never ran, protected or not', async () => {
    account.stack = { status: 'ROLLBACK_COMPLETE', isProtected: true };
    const { exitCode, stdout } = await destroy();
    expect(cdk.calls).toEqual([['destroy', '--all', '--force']]);
    expect(account.asked).toContain('UpdateTerminationProtection');
    expect(stdout).toBe(
      'Removed alike-broke. Unless its removalPolicy was destroy, a bucket and log groups may be left: their names have alike-broke- in them.\n',
    );
    expect(exitCode).toBe(0);
  });

  it('removes the rest of one that was removed in part', async () => {
    account.stack = { status: 'DELETE_FAILED', outputs: outputsOf({ removalPolicy: 'destroy' }) };
    const { stdout } = await destroy();
    expect(stdout).toContain('Removed alike-broke; nothing is left.');
  });

  it.each(['DELETE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'])(
    'waits for nobody while it is %s',
    async (status) => {
      account.stack = { status, outputs: outputsOf() };
      const { exitCode, stderr } = await destroy();
      expect(stderr).toContain(`(${status}): wait until that ends`);
      expect([exitCode, cdk.calls]).toEqual([1, []]);
    },
  );

  it('takes its own one-time schedules along, and no other', async () => {
    account.stack = { status: 'CREATE_COMPLETE', outputs: outputsOf({ removalPolicy: 'destroy' }) };
    account.schedules = [
      'alike-broke-uploads-17',
      'alike-broke-again-1-2',
      'alike-broker-uploads-17',
      'alike-broke-weekly',
    ];
    const { stdout } = await destroy();
    expect(account.schedules).toEqual(['alike-broker-uploads-17', 'alike-broke-weekly']);
    expect(stdout).toContain('nothing is left.');
  });

  it('does so as well where the stack is gone already', async () => {
    account.schedules = ['alike-broke-uploads-17'];
    await destroy();
    expect(account.schedules).toEqual([]);
  });
});

it('npm run destroy says how the stack comes back with the settings that it had', async () => {
  account.stack = { status: 'CREATE_COMPLETE', outputs: outputsOf({ access: 'public', alarmEmail: 'o@shop.example' }) };
  const { stdout } = await runCommandHere('destroy', ...at, '--yes', '--region', 'eu-central-1');
  expect(stdout).toMatch(
    /\n {2}npm run deploy -- --stage broke --region eu-central-1 --set access=public --set alarmEmail=o@shop\.example --set bucket=a-bucket\n$/,
  );
});

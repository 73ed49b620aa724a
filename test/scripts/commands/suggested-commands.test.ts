import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeAccount, openFakeAccount, outputsOf } from '../../support/fake-account.ts';
import { runCommandHere } from '../../support/run-command.ts';

vi.mock('../../../scripts/lib/train-in-cloud.ts', async (importActual) => ({
  ...(await importActual<object>()),
  async trainInCloud() {
    const verdict = { promoted: false, reason: 'Refused: a reason.', checks: [] };
    return { runId: 'b', verdict, live: null, notes: [], seconds: 1 };
  },
}));

let account: FakeAccount;
let folder: string;
beforeEach(async () => {
  account = await openFakeAccount();
  account.stack = {
    status: 'CREATE_COMPLETE',
    outputs: outputsOf({ sessionColumn: 'visit', productColumn: 'sku', timeColumns: ['ts'] }),
  };
  folder = await mkdtemp(join(tmpdir(), 'alike place '));
});
afterEach(async () => {
  await account.close();
  await rm(folder, { recursive: true });
});

const FIRST = { 'current.json': JSON.stringify({ runId: 'a', publishedAt: '2026-11-26', previous: null }) };
const TORN = { 'current.json': '{', 'catalogue/current.json': '{' };

const CASES: [string, string[], Record<string, string>][] = [
  ['a run that is not there', ['promote', 'nope'], {}],
  ['the first run', ['rollback'], FIRST],
  ['a torn pointer', ['rollback'], TORN],
  ['a torn pointer', ['runs'], TORN],
  ['a catalogue that is not there', ['catalogue', 'promote', 'nope'], {}],
  ['no version', ['catalogue', 'promote'], {}],
  ['a torn pointer', ['catalogue', 'list'], TORN],
  ['no catalogue', ['catalogue', 'list'], {}],
  ['no rules', ['rules', 'list'], {}],
  ['no rules', ['rules', 'show'], {}],
];
const OF_A_STAGE: typeof CASES = [
  ['a refused run', ['train'], {}],
  ['a run that is not there', ['train', '--resume', 'nope'], {}],
  ['no such column', ['forget', '--user', 'u1', '--yes'], {}],
];

/** The commands that a text suggests, each to its end. */
function commandsIn(text: string): string[] {
  // A folder's name stands between quotes.
  return [...text.matchAll(/npm run (?:'[^']*'|[^"'),;\n])+/g)]
    .map(([command]) => command.trim())
    .filter((command) => !command.endsWith(' --help'));
}

it.each([...CASES, ...OF_A_STAGE])(
  '%s: %j suggests commands that work on the same stage',
  async (_, [name, ...argv], objects) => {
    account.objects = objects;
    const { stdout, stderr } = await runCommandHere(name, ...argv, '--stage', 'broke', '--region', 'eu-central-1');
    const commands = commandsIn(stdout + stderr);
    expect(commands, stdout + stderr).not.toEqual([]);
    for (const command of commands) expect(command).toContain(' --stage broke --region eu-central-1');
  },
);

it.each(CASES)('%s: %j suggests commands that work on the same folder', async (_, [name, ...argv], objects) => {
  for (const [key, text] of Object.entries(objects)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), text);
  }
  const { stdout, stderr } = await runCommandHere(name, ...argv, '--workspace', folder);
  const commands = commandsIn(stdout + stderr);
  expect(commands, stdout + stderr).not.toEqual([]);
  for (const command of commands) expect(command).toContain(` --workspace '${folder}'`);
});

it.each(CASES.filter(([, [name]]) => name !== 'catalogue'))(
  '%s: %j suggests commands that work on the same store',
  async (_, [name, ...argv], objects) => {
    account.objects = objects;
    const { stdout, stderr } = await runCommandHere(name, ...argv, '--store', 's3://a-copy');
    for (const command of commandsIn(stdout + stderr)) expect(command).toContain(' --store s3://a-copy');
  },
);

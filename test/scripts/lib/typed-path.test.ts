import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

let elsewhere: string;
beforeAll(async () => {
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'alike-typed-')));
});
afterAll(() => rm(elsewhere, { recursive: true }));

/** Runs a script as npm does: in the repository, with the folder that it was typed in beside. */
async function runFrom(folder: string, script: string, ...argv: string[]): Promise<string> {
  const env = { ...process.env, INIT_CWD: folder };
  const ended = promisify(execFile)(process.execPath, [join(ROOT, 'scripts', script), ...argv], { cwd: ROOT, env });
  const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

it.each([
  ['train.ts', ['--data', 'clicks.csv'], 'clicks.csv'],
  ['train.ts', ['--data', '../clicks.csv'], '../clicks.csv'],
  ['catalogue.ts', ['feed.csv'], 'feed.csv'],
  ['runs.ts', ['--workspace', 'shop'], 'shop'],
  ['status.ts', ['--workspace', 'shop'], 'shop'],
  ['data.ts', ['eshop', '--out', 'data', '--from', 'e.zip'], 'e.zip'],
])('%s %j looks where it was typed', async (script, argv, path) => {
  expect(await runFrom(elsewhere, script, ...argv)).toContain(join(elsewhere, path));
});

it('looks for rules there', async () => {
  expect(await runFrom(elsewhere, 'rules.ts', 'check', '../nowhere/rules.json')).toContain(
    join(elsewhere, '../nowhere/rules.json'),
  );
});

it('writes there, and suggests what can be typed there', async () => {
  const out = join(elsewhere, 'clicks.csv');
  const said = await runFrom(elsewhere, 'sample.ts', '--out', 'clicks.csv', '--sessions', '5', '--products', '4');
  expect(said).toContain(`npm run train -- --data ${out} `);
});

it('is the folder of the process where npm has not left it', async () => {
  expect(await runFrom(ROOT, 'runs.ts', '--workspace', 'no/shop')).toContain(join(ROOT, 'no/shop'));
});

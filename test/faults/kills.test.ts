import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { artifactKey, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { runScript } from '../support/run-script.ts';
import { isShort, SEED, tally } from './support/tally.ts';
import { DATASETS } from './support/trained-runs.ts';

const KILLS = isShort ? 15 : 100;
const ROOT = join(import.meta.dirname, '../..');

let folder: string;
let data: string;
let undisturbed: { runId: string; workspace: string; milliseconds: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-kills-'));
  data = join(folder, 'sample.csv');
  await runScript('sample.ts', '--out', data, '--sessions', '200', '--products', '16');
  const workspace = join(folder, 'undisturbed');
  const startedAtMs = performance.now();
  const { code } = await ended(train(workspace));
  expect(code).toBe(0);
  const [runId] = await readdir(join(workspace, 'runs'));
  undisturbed = { runId, workspace, milliseconds: performance.now() - startedAtMs };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test(`${KILLS} trainings that are killed at any moment are resumed and end as if nothing had happened`, async () => {
  const random = seededRandom(SEED);
  const lost: string[] = [];
  const counts = { beforeItsStart: 0, resumed: 0 };
  let longestMs = undisturbed.milliseconds;
  for (let kill = 0; kill < KILLS; ) {
    const workspace = join(folder, `killed-${kill}`);
    const atMs = Math.round(random() * longestMs);
    const startedAtMs = performance.now();
    const training = train(workspace);
    await Promise.race([sleep(atMs, undefined, { ref: false }), once(training, 'exit')]);
    training.kill('SIGKILL');
    const { code } = await ended(training);
    if (code === 0) {
      // It ended by itself: that is no kill, and the machine is faster now.
      longestMs = performance.now() - startedAtMs;
      await rm(workspace, { recursive: true });
      continue;
    }
    kill++;

    const runId = await newestRun(workspace);
    const done = runId === undefined ? {} : await finishedStages(workspace, runId);
    counts[runId === undefined ? 'beforeItsStart' : 'resumed']++;
    const again = await ended(runId === undefined ? train(workspace) : resume(workspace, runId));
    const fault =
      again.code === 0
        ? await differenceOf(workspace, done)
        : `it ended with ${again.code}: ${again.output.slice(-1_000)}`;
    if (fault !== undefined) lost.push(`killed after ${atMs} ms, ${Object.keys(done).length} stages done: ${fault}`);
    if (fault === undefined) await rm(workspace, { recursive: true });
  }
  tally({
    fault: 'training killed (SIGKILL)',
    injected: KILLS,
    survived: KILLS - lost.length,
    lost: lost.length,
    remark: `${counts.resumed} resumed, ${counts.beforeItsStart} had no run yet and were trained; no finished stage ran again`,
  });
  expect(lost).toEqual([]);
});

function train(workspace: string): ChildProcess {
  return script(
    'train.ts',
    '--data',
    data,
    '--format',
    'eshop',
    '--set',
    'epochs=1',
    '--set',
    'max_trials=1',
    '--workspace',
    workspace,
  );
}

function resume(workspace: string, runId: string): ChildProcess {
  return script('train.ts', '--resume', runId, '--workspace', workspace);
}

function script(name: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'scripts', name), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  if (child.stdout!.readableEnded) return { code: child.exitCode, output: '' };
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, output: `${stdout}\n${stderr}` };
}

async function newestRun(workspace: string): Promise<string | undefined> {
  const runs = await readdir(join(workspace, 'runs')).catch(() => []);
  return runs
    .filter((runId) => existsSync(join(workspace, artifactKey(runId, 'request'))))
    .sort()
    .at(-1);
}

/** Stage → its record, as it stands. */
async function finishedStages(workspace: string, runId: string): Promise<Record<string, string>> {
  const records = join(workspace, stageRecordKey(runId, 'x'), '..');
  const names = (await readdir(records).catch(() => [])).filter(
    (name) => name.endsWith('.json') && !name.startsWith('.'),
  );
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(records, name), 'utf8')])),
  );
}

/** @param done the records that stood there before the run went on: a stage that runs again would write another. */
async function differenceOf(workspace: string, done: Record<string, string>): Promise<string | undefined> {
  const { runId } = JSON.parse(await readFile(join(workspace, 'current.json'), 'utf8'));
  const now = await finishedStages(workspace, runId);
  const repeated = Object.keys(done).filter((name) => now[name] !== done[name]);
  if (repeated.length > 0) return `stages ran again: ${repeated.join(', ')}`;
  for (const dataset of DATASETS) {
    const [found, expected] = await Promise.all([
      readFile(join(workspace, artifactKey(runId, dataset))),
      readFile(join(undisturbed.workspace, artifactKey(undisturbed.runId, dataset))),
    ]);
    if (Buffer.compare(found, expected) !== 0) return `${dataset} has other bytes than that of an undisturbed run`;
  }
  return undefined;
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { startDueRun, type TrainingRun } from '../../lambdas/start-training/start-due-run.ts';
import { runScript } from '../support/run-script.ts';
import { isShort, SEED, tally } from './support/tally.ts';

const ROUNDS = isShort ? 2 : 20;
const AT_ONCE = 6;
const UPLOADS = isShort ? 2_000 : 50_000;

let folder: string;
let data: string;
const runs: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-concurrency-'));
  data = join(folder, 'sample.csv');
  await runScript('sample.ts', '--out', data, '--sessions', '300', '--products', '30');
  for (const seed of ['1', '2', '3']) runs.push(JSON.parse(await trained(join(folder, 'shop'), seed)).runId);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function trained(workspace: string, seed: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runScript(
    'train.ts',
    ...['--data', data, '--format', 'eshop', '--preset', 'layer', '--set', `seed=${seed}`, '--force'],
    ...['--workspace', workspace, '--json'],
  );
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
  return stdout.trimEnd().split('\n').at(-1)!;
}

test('of publishes at the same moment each happens wholly or says that another was faster', async () => {
  const workspace = join(folder, 'shop');
  const live = async () => JSON.parse(await readFile(join(workspace, CURRENT_KEY), 'utf8'));
  const lost: string[] = [];
  let moved = 0;
  let gaveWay = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before: string = (await live()).runId;
    const outcomes = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) =>
        runScript('promote.ts', runs[i % runs.length], '--workspace', workspace),
      ),
    );
    const moves = outcomes.flatMap(({ stdout }) => {
      const move = /^Run (?<to>\S+) is live; before it, (?<from>\S+) was\./.exec(stdout)?.groups;
      return move === undefined ? [] : [{ from: move['from'], to: move['to'] }];
    });
    const refusals = outcomes.filter(({ exitCode }) => exitCode !== 0);
    moved += moves.length;
    gaveWay += refusals.length;
    for (const { stderr } of refusals) if (!stderr.includes('another writer was faster')) lost.push(stderr);
    const { runId: after } = await live();
    for (const run of runs) {
      const degree = moves.filter(({ from }) => from === run).length - moves.filter(({ to }) => to === run).length;
      const expected = Number(run === before) - Number(run === after);
      if (degree !== expected) lost.push(`a publish was overwritten: ${JSON.stringify({ before, moves, after })}`);
    }
  }
  const injected = ROUNDS * AT_ONCE;
  tally({
    fault: 'publishes at once',
    injected,
    survived: injected - Math.min(injected, lost.length),
    lost: lost.length,
    remark: `${moved} moved the pointer one after the other, ${gaveWay} gave way and said so`,
  });
  expect(lost).toEqual([]);
});

test('trainings that share a workspace end whole', async () => {
  const workspace = join(folder, 'shared');
  const summaries = await Promise.all(['1', '2'].map((seed) => trained(workspace, seed)));
  const ids = summaries.map((summary): string => JSON.parse(summary).runId);
  const { runId } = JSON.parse(await readFile(join(workspace, CURRENT_KEY), 'utf8'));
  tally({ fault: 'trainings at once', injected: 2, survived: 2, lost: 0, remark: 'both whole, one is live' });
  expect(ids).toContain(runId);
});

/** Hours of a deployment, minute by minute: the queue hands over one trigger at a time, and again what was postponed. */
test('no upload is forgotten, whenever it comes, and no two runs work at once', async () => {
  const random = seededRandom(SEED);
  const runsSoFar: (TrainingRun & { endsAtMs: number })[] = [];
  let nowMs = 0;
  const service = {
    async latest() {
      return runsSoFar.map((run) => ({ ...run, isRunning: run.endsAtMs > nowMs })).reverse();
    },
    async start(name: string) {
      runsSoFar.push({
        arn: name,
        startedAtMs: nowMs,
        isRunning: true,
        endsAtMs: nowMs + 1 + Math.floor(random() * 900_000),
      });
    },
  };
  const uploads = Array.from({ length: UPLOADS }, () => Math.floor(random() * UPLOADS * 60_000)).sort((a, b) => a - b);
  const queue = uploads.map((atMs) => ({ name: `upload-${atMs}`, atMs }));
  while (queue.length > 0) {
    nowMs = Math.max(nowMs + 1, queue[0].atMs + 1);
    const outcome = await startDueRun(queue[0], service);
    if (outcome === 'postponed') nowMs += 360_000;
    else queue.shift();
  }

  const starts = runsSoFar.map(({ startedAtMs }) => startedAtMs);
  const forgotten = uploads.filter((atMs) => starts.at(-1)! <= atMs);
  const overlapping = runsSoFar.filter((run, i) => i > 0 && runsSoFar[i - 1].endsAtMs > run.startedAtMs);
  tally({
    fault: 'uploads at any moment',
    injected: UPLOADS,
    survived: UPLOADS - forgotten.length,
    lost: forgotten.length + overlapping.length,
    remark: `${runsSoFar.length.toLocaleString('en')} runs, never two at once`,
  });
  expect(forgotten).toEqual([]);
  expect(overlapping).toEqual([]);
});

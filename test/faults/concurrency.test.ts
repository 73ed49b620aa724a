import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import {
  askAgain,
  settlementOf,
  startDueRun,
  type TrainingRun,
  type TrainingRuns,
} from '../../lambdas/start-training/start-due-run.ts';
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

/** Days of a deployment: each upload is looked at when it has settled, and again every two minutes while a run works. */
test('no upload is forgotten, whenever it comes, and no two runs work at once', async () => {
  const random = seededRandom(SEED);
  const runsSoFar: { arn: string; startedAtMs: number; endsAtMs: number; fails: boolean }[] = [];
  let nowMs = 0;
  const service: TrainingRuns = {
    async latest() {
      return runsSoFar
        .slice(-100)
        .reverse()
        .map(({ arn, startedAtMs, endsAtMs, fails }): TrainingRun => {
          if (endsAtMs > nowMs) return { arn, startedAtMs, state: 'running' };
          return { arn, startedAtMs, state: fails ? 'failed' : 'succeeded' };
        });
    },
    readsAllUploads: async () => true,
    hasUploads: async () => true,
    async start(name) {
      const endsAtMs = nowMs + 1 + Math.floor(random() * 900_000);
      runsSoFar.push({ arn: name, startedAtMs: nowMs, endsAtMs, fails: random() < 0.2 });
    },
  };
  const uploads = Array.from({ length: UPLOADS }, () => Math.floor(random() * UPLOADS * 60_000)).sort((a, b) => a - b);
  const settlements = new Map(uploads.map((atMs) => settlementOf(atMs, 60)).map((settled) => [settled.name, settled]));
  const due = [...settlements.values()];
  // Both are in the order of their times, since the clock only goes on.
  const again: typeof due = [];
  while (due.length > 0 || again.length > 0) {
    const next = due.length === 0 || again[0]?.dueMs < due[0].dueMs ? again.shift()! : due.shift()!;
    nowMs = next.dueMs;
    const outcome = await startDueRun(next.uploadedBeforeMs, service);
    if (outcome !== 'postponed') continue;
    const asked = await askAgain(next.uploadedBeforeMs, nowMs, service);
    if (!again.some(({ name }) => name === asked.name)) again.push(asked);
  }

  const starts = runsSoFar.map(({ startedAtMs }) => startedAtMs);
  // Read by a run that succeeded, or by two that failed and said so.
  const lastGood = runsSoFar.findLast(({ fails }) => !fails)!.startedAtMs;
  const forgotten = uploads.filter(
    (atMs) => lastGood <= atMs && starts.filter((startedAtMs) => startedAtMs > atMs).length < 2,
  );
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

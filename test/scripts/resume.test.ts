import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClickstream } from '../../scripts/sample/write-clickstream.ts';
import { runScript } from '../support/run-script.ts';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-test-'));
  data = join(folder, 'clicks.csv');
  await writeClickstream(data, { sessions: 2_000, products: 60, seed: 3 });
});
afterAll(() => rm(folder, { recursive: true }));

const ARGUMENTS = ['--format', 'eshop', '--set', 'max_trials=1', '--set', 'epochs=5'];

/** Trains and is killed as soon as a stage has left its record. @returns the run's id. */
async function trainUntil(stage: string, workspace: string): Promise<string> {
  const script = join(import.meta.dirname, '../../scripts/train.ts');
  const training = spawn(process.execPath, [script, '--data', data, ...ARGUMENTS, '--workspace', workspace], {
    stdio: 'ignore',
  });
  const runs = join(workspace, 'runs');
  for (;;) {
    const [runId] = existsSync(runs) ? readdirSync(runs) : [];
    if (runId !== undefined && existsSync(join(runs, runId, 'stages', `${stage}.json`))) {
      training.kill('SIGKILL');
      return runId;
    }
    if (training.exitCode !== null) throw new Error(`The training ended with ${training.exitCode} before ${stage}.`);
    await sleep(5);
  }
}

describe('npm run train -- --resume', () => {
  it.each(['ingest', 'plan'])(
    'goes on after %s when the training was killed there, and repeats no stage',
    async (stage) => {
      const workspace = join(folder, stage);
      const runId = await trainUntil(stage, workspace);
      const record = join(workspace, 'runs', runId, 'stages', `${stage}.json`);
      const before = (await stat(record)).mtimeMs;

      const { exitCode, stdout, stderr } = await runScript(
        'train.ts',
        '--resume',
        runId,
        '--workspace',
        workspace,
        '--json',
      );
      expect(stderr).toContain(`Resuming run ${runId}`);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ runId, verdict: { promoted: true } });
      expect((await stat(record)).mtimeMs).toBe(before);
      expect(JSON.parse(await readFile(join(workspace, 'current.json'), 'utf8')).runId).toBe(runId);
      expect(existsSync(join(workspace, 'training.lock'))).toBe(false);
    },
  );

  it('does not sweep away the run that it goes on with, however old', async () => {
    const workspace = join(folder, 'old');
    const runId = '20261001T000000000Z-00000001';
    const request = join(workspace, 'runs', runId, 'request.json');
    const started = await trainUntil('ingest', workspace);
    const text = await readFile(join(workspace, 'runs', started, 'request.json'), 'utf8');
    await mkdir(dirname(request));
    // It need not go far.
    await writeFile(request, text.replaceAll('clicks.csv', 'gone.csv'));
    const { stderr } = await runScript('train.ts', '--resume', runId, '--workspace', workspace);
    expect(stderr).toMatch(new RegExp(`^Resuming run ${runId} .*Stage ingest of run ${runId} failed`, 's'));
    expect(stderr).not.toContain('Removed run');
    expect(existsSync(request)).toBe(true);
  });

  it('goes on with a run that failed, once the cause is mended, and takes its failure report away', async () => {
    const workspace = join(folder, 'failed');
    const runId = await trainUntil('sequence', workspace);
    const corpus = join(workspace, 'runs', runId, 'corpus', 'corpus.bin');
    const kept = await readFile(corpus);
    await rm(corpus);
    const failed = await runScript('train.ts', '--resume', runId, '--workspace', workspace);
    expect([failed.exitCode, failed.stderr]).toEqual([
      1,
      expect.stringContaining(`of run ${runId} failed. ArtifactError`),
    ]);
    const report = join(workspace, 'runs', runId, 'failure.json');
    expect(existsSync(report)).toBe(true);

    await writeFile(corpus, kept);
    const { exitCode } = await runScript('train.ts', '--resume', runId, '--workspace', workspace);
    expect([exitCode, existsSync(report)]).toEqual([0, false]);
  });

  it('says so when there is no such run, and when something is typed that the run has settled', async () => {
    const workspace = join(folder, 'none');
    const missing = await runScript('train.ts', '--resume', '20261123T100000000Z-00000000', '--workspace', workspace);
    expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining('cannot be resumed: there is no')]);
    const typed = await runScript('train.ts', '--resume', 'x', '--data', data, ...ARGUMENTS, '--workspace', workspace);
    expect([typed.exitCode, typed.stderr]).toEqual([
      2,
      expect.stringContaining('leave out --format, --data, --set, or start another run without --resume'),
    ]);
  });
});

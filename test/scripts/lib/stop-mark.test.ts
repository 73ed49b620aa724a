import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';

const MODULE = join(import.meta.dirname, '../../../scripts/lib/stop-mark.ts');

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-stopped-'));
});
afterAll(() => rm(workspace, { recursive: true }));

const reportOf = (runId: string) => join(workspace, artifactKey(runId, 'failure'));

/** A process that says where it is and then does what `rest` says. */
async function startProcess(runId: string, rest: string): Promise<ChildProcess> {
  const code = `
    const { markWhenStopped } = await import(${JSON.stringify(MODULE)});
    const mark = markWhenStopped(${JSON.stringify(workspace)}, ' --workspace my/shop');
    mark.at(${JSON.stringify(runId)}, 'ingest');
    mark.at(${JSON.stringify(runId)}, 'embed');
    await new Promise((resolve) => setTimeout(resolve, 100));
    console.log('computing');
    ${rest}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout!, 'data');
  return child;
}

/** Until it is whole: the file is there before its text is. */
function waitForReport(runId: string): Promise<Record<string, unknown>> {
  return vi.waitFor(async () => JSON.parse(await readFile(reportOf(runId), 'utf8')), { timeout: 15_000, interval: 20 });
}

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a process that %s ends at once in the middle of a computation leaves its run marked as stopped',
  async (signal) => {
    const runId = `run-${signal}`;
    const child = await startProcess(runId, 'for (;;);');
    const said = text(child.stderr!);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([null, signal]);
    const command = `npm run train -- --resume ${runId} --workspace my/shop`;
    expect(await said).toBe(`\nRun ${runId} was stopped in embed. Go on with it:\n  ${command}\n`);
    expect(await waitForReport(runId)).toMatchObject({
      runId,
      stage: 'embed',
      error: 'RunStopped',
      cause: 'The process ended during stage embed: somebody stopped it, or the system did.',
      fix: expect.stringContaining(`(${command})`),
      failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  },
  20_000,
);

test('a run that ended by itself is not marked, and the process ends', async () => {
  const child = await startProcess('run-done', 'mark.close();');
  const said = text(child.stderr!);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await said).toBe('');
  await sleep(300);
  expect(existsSync(reportOf('run-done'))).toBe(false);
}, 20_000);

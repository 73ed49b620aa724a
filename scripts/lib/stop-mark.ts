import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { buildFailureReport, resumeCommand } from '../../lambdas/report-failure/failure-report.ts';
import { STOPPED } from '../../lambdas/shared/runs/stopped.ts';

/**
 * Marks a run as stopped when this process ends in the middle of it, however it ends: Ctrl-C, SIGTERM, SIGKILL, out of
 * memory. A handler of signals could not: while a kernel computes, nothing else runs in this process.
 */
export interface StopMark {
  /** The run is in this stage. */
  at(runId: string, stage: string): void;
  /** The run has ended by itself. */
  close(): void;
}

/**
 * Waits until its input ends, with the process that writes to it, writes the last line's file if there is none, and says
 * how to go on. Its own group, so that Ctrl-C in the terminal does not reach it.
 */
const WATCHER = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const { dirname } = require('node:path');
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (more) => { text += more; });
  process.stdin.on('end', () => {
    const { path, report, advice } = JSON.parse(text.trim().split('\\n').at(-1) || '{}');
    if (path === undefined) return;
    report.failedAt = new Date().toISOString();
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(report, null, 2), { flag: 'wx' });
    } catch {
      return;
    }
    // Whoever read it may be gone as well.
    process.stderr.on('error', () => {});
    process.stderr.write(advice);
  });
`;

/** @param workspace the local folder of artifacts. @param where the options that name it. */
export function markWhenStopped(workspace: string, where: string): StopMark {
  const watcher = spawn(process.execPath, ['--eval', WATCHER], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  // Without it a run that is stopped is merely unfinished.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return {
    at(runId, stage) {
      const Cause = `The process ended during stage ${stage}: somebody stopped it, or the system did.`;
      const report = buildFailureReport(runId, { [stage]: { Error: STOPPED, Cause } }, '', where);
      const path = resolve(workspace, artifactKey(runId, 'failure'));
      const advice = `\nRun ${runId} was stopped in ${stage}. Go on with it:\n  ${resumeCommand(runId, where)}\n`;
      watcher.stdin.write(`${JSON.stringify({ path, report, advice })}\n`);
    },
    close() {
      watcher.stdin.end('{}\n');
    },
  };
}

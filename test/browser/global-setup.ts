import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { SAMPLE } from '../../scripts/sample/clickstream.ts';
import { writeClickstream, writeFeed } from '../../scripts/sample/write-clickstream.ts';

declare module 'vitest' {
  interface ProvidedContext {
    workspace: string;
    /** The two runs of the workspace: measured and live, and not measured and ready. */
    liveRun: string;
    readyRun: string;
  }
}

const ROOT = join(import.meta.dirname, '../..');

/** The sample shop as `npm start` trains it, and a second run that the gate leaves waiting, for promotion and rollback. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workspace = await mkdtemp(join(tmpdir(), 'alike-browser-'));
  const data = join(workspace, 'data', 'sample.csv');
  await writeClickstream(data, SAMPLE);
  const common = ['--data', data, '--workspace', workspace, '--format', 'eshop', '--json'];
  project.provide('workspace', workspace);
  project.provide('liveRun', await train(...common, '--set', 'max_trials=1'));
  project.provide('readyRun', await train(...common, '--set', 'backtest=false', '--set', 'k=8'));
  const feed = join(workspace, 'data', 'feed.csv');
  await writeFeed(feed, SAMPLE);
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/catalogue.ts'), feed, '--workspace', workspace]);
  return () => rm(workspace, { recursive: true });
}

/** @returns the run's id. */
async function train(...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/train.ts'), ...argv], {
    cwd: ROOT,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!).runId;
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { findEshopFile } from '../../scripts/data/eshop-file.ts';
import { SAMPLE } from '../../scripts/sample/clickstream.ts';
import { writeClickstream, writeFeed } from '../../scripts/sample/write-clickstream.ts';

declare module 'vitest' {
  interface ProvidedContext {
    workspace: string;
    /** The same of the e-shop data set; undefined where its file is not there. */
    eshop: { workspace: string; liveRun: string; readyRun: string } | undefined;
    /** The two runs of the workspace: measured and live, and not measured and ready. */
    liveRun: string;
    readyRun: string;
  }
}

const ROOT = join(import.meta.dirname, '../..');

/** The sample shop as `npm start` trains it, and a second run that the gate leaves waiting, for promotion and rollback. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workspace = await mkdtemp(join(tmpdir(), 'alike-browser-'));
  const eshopFolder = await mkdtemp(join(tmpdir(), 'alike-browser-eshop-'));
  const eshopFile = findEshopFile();
  project.provide('eshop', eshopFile === undefined ? undefined : await makeShop(eshopFile, eshopFolder, eshopFile));
  const data = join(workspace, 'data', 'sample.csv');
  await writeClickstream(data, SAMPLE);
  const feed = join(workspace, 'data', 'feed.csv');
  await writeFeed(feed, SAMPLE);
  const { liveRun, readyRun } = await makeShop(data, workspace, feed);
  project.provide('workspace', workspace);
  project.provide('liveRun', liveRun);
  project.provide('readyRun', readyRun);
  return async () => {
    await rm(workspace, { recursive: true });
    await rm(eshopFolder, { recursive: true });
  };
}

/** A live run, one that the gate leaves waiting, and a catalogue. @param data in the columns of the e-shop data set. */
async function makeShop(data: string, workspace: string, feed: string) {
  const common = ['--data', data, '--workspace', workspace, '--format', 'eshop', '--json'];
  const liveRun = await train(...common, '--set', 'max_trials=1');
  const readyRun = await train(...common, '--set', 'backtest=false', '--set', 'k=8');
  const catalogue = [join(ROOT, 'scripts/catalogue.ts'), feed, '--workspace', workspace];
  const isClickstream = feed === data;
  await promisify(execFile)(process.execPath, [...catalogue, ...(isClickstream ? ['--format', 'eshop'] : [])]);
  return { workspace, liveRun, readyRun };
}

/** @returns the run's id. */
async function train(...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/train.ts'), ...argv], {
    cwd: ROOT,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!).runId;
}

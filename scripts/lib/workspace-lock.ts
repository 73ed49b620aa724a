import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../lambdas/shared/is-running.ts';
import type { Screen } from './run-display.ts';

const LOCK = 'training.lock';
const POLL_INTERVAL_MS = 500;

/** Who trains in a workspace. */
interface Holder {
  pid: number;
  host: string;
  /** ISO 8601, UTC. */
  since: string;
}

/**
 * Trainings of one workspace come one after the other, so that each is compared with what the one before made live. One that
 * finds another under way says so and waits. The lock of a process that is gone is taken over; whether one on another
 * machine is gone cannot be seen, so that this is said and not waited for.
 *
 * Two that share a workspace all the same do no harm: a run is written once, and `current.json` moves by conditional writes.
 */
export async function withWorkspaceLock<T>(workspace: string, screen: Screen, train: () => Promise<T>): Promise<T> {
  const path = join(resolve(workspace), LOCK);
  await mkdir(resolve(workspace), { recursive: true });
  const isHeld = await takeLock(path, screen);
  try {
    return await train();
  } finally {
    if (isHeld) await rm(path, { force: true });
  }
}

/** @returns false when it was not waited for. */
async function takeLock(path: string, screen: Screen): Promise<boolean> {
  const own: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  let told = false;
  for (;;) {
    try {
      await writeFile(path, `${JSON.stringify(own)}\n`, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (holder.host !== own.host) {
      screen.write(
        `Process ${holder.pid} on ${holder.host} trains in this workspace since ${holder.since}, or died there: going on beside it. Delete ${path} if it is gone.\n`,
      );
      return false;
    }
    if (!isRunning(holder.pid)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) {
      screen.write(
        `Process ${holder.pid} trains in this workspace since ${holder.since}: waiting until it ends. Ctrl-C stops waiting; delete ${path} if that process is no training.\n`,
      );
      told = true;
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

/** @returns undefined when the lock is gone, or was cut off while it was written: then it is removed. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Written in one piece by a process that is still about to: look again.
    await sleep(POLL_INTERVAL_MS);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) await rm(path, { force: true });
    return undefined;
  }
}

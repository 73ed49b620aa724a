import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { isRunning } from '../../lambdas/shared/is-running.ts';
import { codeOf, explainReadError } from '../../lambdas/shared/store/file-error.ts';
import { removeFile, replaceFile } from '../../lambdas/shared/store/replace-file.ts';
import type { Screen } from './run-display.ts';

const LOCK = 'training.lock';
const POLL_INTERVAL_MS = 500;

/** Who trains in a workspace. */
const holderSchema = z.object({
  /** Tells this lock from all others. The release before wrote none. */
  id: z.string().optional(),
  pid: z.int(),
  host: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Of the locks that this process holds or waits for. */
const ownIds = new Set<string>();

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
  const id = randomUUID();
  ownIds.add(id);
  try {
    const lock = await takeLock(path, id, screen);
    try {
      return await train();
    } finally {
      // Somebody may have deleted it, as the screen advises, and another may have come in.
      if (lock !== undefined && (await readLock(path)) === lock) await removeFile(path);
    }
  } finally {
    ownIds.delete(id);
  }
}

/** @returns what the lock file holds; undefined when it was not waited for. */
async function takeLock(path: string, id: string, screen: Screen): Promise<string | undefined> {
  const own: Holder = { id, pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const lock = `${JSON.stringify(own)}\n`;
  let told = false;
  for (;;) {
    const found = await readLock(path);
    const holder = found === undefined ? undefined : parseHolder(found);
    // The release before wrote its lock in place: what is cut off may be whole in a moment.
    if (found !== undefined && holder === undefined) await sleep(POLL_INTERVAL_MS);
    if (holder === undefined || isGone(holder)) {
      if (await replaceLock(path, found, lock)) return lock;
      continue;
    }
    if (holder.host !== own.host) {
      screen.write(
        `Process ${holder.pid} on ${holder.host} has been training in this workspace since ${holder.since}, or died there: going on beside it. Delete ${path} if it is gone.\n`,
      );
      return undefined;
    }
    if (!told) {
      screen.write(
        `Process ${holder.pid} has been training in this workspace since ${holder.since}: waiting until it ends. Ctrl-C stops waiting; delete ${path} if that process is no training.\n`,
      );
      told = true;
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Whether it is known to have ended. A container that starts again has the host and the process id of the one that died. */
function isGone({ id, pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  return pid === process.pid ? id === undefined || !ownIds.has(id) : !isRunning(pid);
}

/**
 * Of several that found the same lock of a dead holder, one alone takes its place: the others find that one's lock.
 *
 * @param found what the file has to hold still; undefined: there has to be none.
 * @returns whether it was replaced.
 */
async function replaceLock(path: string, found: string | undefined, lock: string): Promise<boolean> {
  const changed = new Error(`${path} is another's by now.`);
  try {
    await replaceFile(path, {
      writeContent: (staged) => writeFile(staged, lock),
      async check() {
        if ((await readLock(path)) !== found) throw changed;
      },
    });
    return true;
  } catch (error) {
    if (error === changed) return false;
    throw error;
  }
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw explainReadError(error, `Cannot read the lock of the workspace, ${path}`);
  }
}

/** @returns undefined when it is cut off, or no lock of ours. */
function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

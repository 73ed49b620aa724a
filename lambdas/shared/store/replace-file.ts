import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './file-error.ts';

/**
 * Replaces files whole, one writer at a time across processes, with a lock that does not outlive its holder.
 *
 * A writer stages the new content as `.writing-<id>/<id>` beside the file. To enter, it renames that folder to the
 * file's lock folder, which the system refuses while the lock folder has an entry. To commit, it renames its entry out
 * of the lock folder onto the file: one step that publishes the content and frees the lock.
 *
 * A holder that crashed leaves its entry. Whoever waits and sees the same entry for {@link ABANDONED_AFTER_MS} unlinks
 * it by its name. Should that holder only have been slow, its commit finds no entry, and it starts over: between a
 * writer's entry and its successful commit nobody else can have entered, however long it slept.
 */
export interface Replacement {
  /** Writes the new content. Runs again when the write starts over. */
  writeContent(path: string): Promise<void>;
  /** Runs when no other writer can change the file; what it throws calls the write off. */
  check?(): Promise<void>;
}

/** Names that start so belong to writes under way, or to writers that crashed: those are safe to delete. */
export const WRITING_PREFIX = '.writing-';

/** A lock is held for one check and one rename: milliseconds. */
const ABANDONED_AFTER_MS = 2_000;
const MAX_WAIT_MS = 10;

export async function replaceFile(path: string, replacement: Replacement): Promise<void> {
  for (;;) {
    const entry = await enterLock(path, replacement.writeContent);
    try {
      await replacement.check?.();
      if (await renameUnlessAbandoned(entry, path)) return;
    } finally {
      await leaveLock(entry);
    }
  }
}

/**
 * Removing a file that is not there is no error. Unlike a commit, the removal of a writer that was taken for abandoned
 * still happens.
 */
export async function removeFile(path: string): Promise<void> {
  const entry = await enterLock(path, (content) => writeFile(content, ''));
  try {
    await unlink(path).catch(unless('ENOENT'));
  } finally {
    await leaveLock(entry);
  }
}

/** @returns the path of the staged content inside the lock folder. */
async function enterLock(path: string, writeContent: (path: string) => Promise<void>): Promise<string> {
  const folder = dirname(path);
  const id = randomUUID();
  const staging = join(folder, `${WRITING_PREFIX}${id}`);
  // Hashed, since a file's name may be as long as the file system allows.
  const lock = join(folder, `${WRITING_PREFIX}${createHash('sha256').update(basename(path)).digest('hex')}`);
  await mkdir(folder, { recursive: true });
  await mkdir(staging);
  try {
    await writeContent(join(staging, id));
    await renameWhenFree(staging, lock);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  return join(lock, id);
}

async function renameWhenFree(staging: string, lock: string): Promise<void> {
  let seen: { entry: string; sinceMs: number } | undefined;
  for (;;) {
    try {
      return await rename(staging, lock);
    } catch (error) {
      // POSIX allows both for a folder that is not empty.
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    }
    const [entry] = (await readdir(lock).catch(unless('ENOENT'))) ?? [];
    if (entry !== seen?.entry) {
      seen = entry === undefined ? undefined : { entry, sinceMs: performance.now() };
    } else if (seen !== undefined && performance.now() - seen.sinceMs > ABANDONED_AFTER_MS) {
      await leaveLock(join(lock, seen.entry));
    }
    await sleep(Math.random() * MAX_WAIT_MS);
  }
}

/** @returns whether the entry was still there to be renamed. */
async function renameUnlessAbandoned(entry: string, path: string): Promise<boolean> {
  try {
    await rename(entry, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** By the entry's own name, so that it never frees the lock of a writer that entered later. */
async function leaveLock(entry: string): Promise<void> {
  await unlink(entry).catch(unless('ENOENT'));
  await rmdir(dirname(entry)).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'));
}

function unless(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(codeOf(error) ?? '')) throw error;
  };
}

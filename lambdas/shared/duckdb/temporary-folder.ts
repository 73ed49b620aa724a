import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../is-running.ts';

const OWN_FOLDERS = new Set<string>();
const NAME = /^alike-duckdb-(?<pid>\d+)-/;

/**
 * Makes a folder for copies of the shop's data, and removes those of processes that died before they could: on a laptop, and
 * in a Lambda that kept its /tmp after a timeout.
 *
 * @param parent @default the system's folder for temporary files
 */
export async function makeTemporaryFolder(parent = tmpdir()): Promise<string> {
  await removeAbandonedFolders(parent);
  // In one go with the line below: a call that lists the folders meanwhile would take this one for abandoned.
  const folder = mkdtempSync(join(parent, `alike-duckdb-${process.pid}-`));
  OWN_FOLDERS.add(folder);
  return folder;
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  OWN_FOLDERS.delete(folder);
}

async function removeAbandonedFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = NAME.exec(name)?.groups?.['pid'];
    if (pid === undefined || OWN_FOLDERS.has(join(parent, name))) continue;
    // Lambda gives each process of an environment the same id.
    const isAbandoned = Number(pid) === process.pid || !isRunning(Number(pid));
    // Another user's folder cannot be removed, and is theirs to remove.
    if (isAbandoned) await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}

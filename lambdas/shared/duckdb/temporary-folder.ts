import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, messageOf } from '../../../engine/errors.ts';
import { isRunning } from '../is-running.ts';
import { codeOf, explainFileError } from '../store/file-error.ts';

const OWN_FOLDERS = new Set<string>();
const NAME = /^alike-duckdb-(?<pid>\d+)-/;

/**
 * Makes a folder for copies of the shop's data, and removes those of processes that died before they could: on a laptop, and
 * in a Lambda that kept its /tmp after a timeout.
 *
 * @param parent @default the system's folder for temporary files
 * @throws ConfigurationError when no folder can be made there.
 */
export async function makeTemporaryFolder(parent = tmpdir()): Promise<string> {
  await removeAbandonedFolders(parent);
  try {
    // In one go with the line below: a call that lists the folders meanwhile would take this one for abandoned.
    const folder = mkdtempSync(join(parent, `alike-duckdb-${process.pid}-`));
    OWN_FOLDERS.add(folder);
    return folder;
  } catch (error) {
    throw explainTemporaryError(error, parent);
  }
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  OWN_FOLDERS.delete(folder);
}

function explainTemporaryError(error: unknown, parent: string): unknown {
  const failed = `Cannot make a folder for temporary files in ${parent}`;
  if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return explainFileError(error, failed, 'TMPDIR');
  return new ConfigurationError(
    `${failed}: ${messageOf(error)}. There is no such folder: make it, or choose another (TMPDIR).`,
    { cause: error },
  );
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

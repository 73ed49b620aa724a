import type { Stats } from 'node:fs';
import { mkdir, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigurationError } from '../../engine/errors.ts';
import { codeOf } from '../../lambdas/shared/store/file-error.ts';
import { explainPlaceError } from './place-error.ts';

const OPTIONS = '--workspace or --out';

/**
 * Writes a file whole or not at all; makes its folder. Pieces are written as they come, so memory stays small. A link stays
 * one: what it leads to is written.
 *
 * @throws ConfigurationError with the fix when the place does not take it.
 */
export async function writeWhole(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  let unfinished: string | undefined;
  try {
    const place = await placeOf(path);
    unfinished = `${place}.${process.pid}.tmp`;
    await mkdir(dirname(place), { recursive: true });
    await writeFile(unfinished, content);
    await rename(unfinished, place);
  } catch (error) {
    if (unfinished !== undefined) await rm(unfinished, { force: true }).catch(() => {});
    throw explainPlaceError(error, `Cannot write ${path}`, OPTIONS);
  }
}

/** Where the bytes go. @throws ConfigurationError when something is there that a file would take the place of. */
async function placeOf(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isFile()) return await realpath(path);
    throw new ConfigurationError(
      `Cannot write ${path}: it is ${kindOf(found)}, not a file: choose another place (${OPTIONS}).`,
    );
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const target = await readlink(path).catch(() => undefined);
  return target === undefined ? path : placeOf(resolve(await realpath(dirname(path)), target));
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

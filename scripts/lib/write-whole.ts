import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainPlaceError } from './place-error.ts';

/**
 * Writes a file whole or not at all; makes its folder. Pieces are written as they come, so memory stays small.
 *
 * @throws ConfigurationError with the fix when the place does not take it.
 */
export async function writeWhole(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw explainPlaceError(error, `Cannot write ${path}`, '--workspace or --out');
  }
}

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, messageOf } from '../../engine/errors.ts';

/**
 * Writes a file whole or not at all; makes its folder. Pieces are written as they come, so memory stays small.
 *
 * @throws InputError when the file cannot be written.
 */
export async function writeWhole(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new InputError(`Cannot write ${path}: ${messageOf(error)}. Name a place that you may write to.`, {
      cause: error,
    });
  }
}

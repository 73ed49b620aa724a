import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError, messageOf } from '../../lambdas/shared/errors.ts';
import { type ClickstreamSize, clickstream } from './clickstream.ts';

/**
 * Writes a made-up clickstream to a file, whole or not at all. Memory is that of the catalogue.
 *
 * @throws InputError when the file cannot be written.
 */
export async function writeClickstream(path: string, size: ClickstreamSize): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(clickstream(size), { objectMode: true }), createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new InputError(`Cannot write ${path}: ${messageOf(error)}. Name a file in a folder you may write to.`, {
      cause: error,
    });
  }
}

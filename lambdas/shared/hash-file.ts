import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';

const BUFFER_BYTES = 2 ** 20;

/** Adds all bytes of a file to a hash. The system fills one buffer while the other is hashed: a stream takes twice as long. */
export async function hashFile(path: string, hash: Hash): Promise<void> {
  await using file = await open(path);
  let filling = new Uint8Array(BUFFER_BYTES);
  let spare = new Uint8Array(BUFFER_BYTES);
  let reading = file.read(filling);
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return;
    const filled = filling;
    [filling, spare] = [spare, filled];
    reading = file.read(filling);
    hash.update(filled.subarray(0, bytesRead));
  }
}

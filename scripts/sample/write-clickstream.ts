import { writeWhole } from '../lib/write-whole.ts';
import { type ClickstreamSize, clickstream } from './clickstream.ts';

/** @throws InputError when the file cannot be written. */
export function writeClickstream(path: string, size: ClickstreamSize): Promise<void> {
  return writeWhole(path, clickstream(size));
}

import { writeWhole } from '../lib/write-whole.ts';
import { type ClickstreamSize, clickstream } from './clickstream.ts';
import { sampleFeed } from './feed.ts';

/** @throws ConfigurationError when the file cannot be written. */
export function writeClickstream(path: string, size: ClickstreamSize): Promise<void> {
  return writeWhole(path, clickstream(size));
}

/** The products of the same shop. @throws ConfigurationError when the file cannot be written. */
export function writeFeed(path: string, size: ClickstreamSize): Promise<void> {
  return writeWhole(path, sampleFeed(size));
}

import { isAscii } from 'node:buffer';
import { offsetsOf } from '../numeric/grouping.ts';

/** Strings as one UTF-8 blob and (count + 1) byte offsets. */
export interface EncodedStrings {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/** Writing or reading each alone takes three times as long. */
const STRINGS_AT_ONCE = 4096;

export function encodeStrings(strings: readonly string[]): EncodedStrings {
  const blocks: Buffer[] = [];
  const sizes = new Uint32Array(strings.length);
  for (let start = 0; start < strings.length; start += STRINGS_AT_ONCE) {
    const block = strings.slice(start, start + STRINGS_AT_ONCE);
    const text = block.join('');
    const isAsciiText = Buffer.byteLength(text) === text.length;
    // Half of a surrogate pair at the end of one and the other at the start of the next make no character.
    blocks.push(isAsciiText ? Buffer.from(text, 'latin1') : Buffer.concat(block.map((one) => Buffer.from(one))));
    for (let i = 0; i < block.length; i++) {
      sizes[start + i] = isAsciiText ? block[i].length : Buffer.byteLength(block[i]);
    }
  }
  const offsets = offsetsOf(sizes);
  const bytes = new Uint8Array(offsets[strings.length]);
  let end = 0;
  for (const block of blocks) {
    bytes.set(block, end);
    end += block.length;
  }
  return { bytes, offsets };
}

export function decodeStrings(bytes: Uint8Array, offsets: Uint32Array): string[] {
  // Unlike a TextDecoder's, keeps the U+FEFF that an id may begin with.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings = new Array<string>(offsets.length - 1);
  // One text of all of them would be longer than a string can be, from 512 MiB on.
  for (let start = 0; start < strings.length; start += STRINGS_AT_ONCE) {
    const end = Math.min(strings.length, start + STRINGS_AT_ONCE);
    const from = offsets[start];
    const block = buffer.subarray(from, offsets[end]);
    if (isAscii(block)) {
      const text = block.toString('latin1');
      for (let i = start; i < end; i++) strings[i] = text.slice(offsets[i] - from, offsets[i + 1] - from);
    } else {
      for (let i = start; i < end; i++) strings[i] = buffer.toString('utf8', offsets[i], offsets[i + 1]);
    }
  }
  return strings;
}

import type { Draw } from './draw.ts';

/** What happens to a file on its way: named, applied to its bytes. */
export const DAMAGE: Record<string, (bytes: Uint8Array, draw: Draw) => Uint8Array> = {
  'cut short': (bytes, draw) => bytes.subarray(0, draw.below(bytes.length + 1)),
  'bits flipped': (bytes, draw) => {
    const flipped = Uint8Array.from(bytes);
    for (let i = draw.between(1, 20); i > 0; i--) flipped[draw.below(bytes.length)] ^= 1 << draw.below(8);
    return flipped;
  },
  'bytes put in': (bytes, draw) => {
    const at = draw.below(bytes.length + 1);
    const inserted = draw.pick([draw.bytes(draw.between(1, 40)), ...INSERTS]);
    return concat(bytes.subarray(0, at), inserted, bytes.subarray(at));
  },
  'a part lost': (bytes, draw) => {
    const at = draw.below(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(at + draw.between(1, 200)));
  },
  'a part twice': (bytes, draw) => {
    const at = draw.below(bytes.length);
    const end = at + draw.between(1, 400);
    return concat(bytes.subarray(0, end), bytes.subarray(at));
  },
  'something behind it': (bytes, draw) => concat(bytes, draw.pick([draw.bytes(draw.between(1, 100)), ...INSERTS])),
  'other bytes altogether': (_, draw) => draw.bytes(draw.below(2_000)),
};

/** A quote, a byte order mark, a NUL, UTF-8 that is none, an end of line of another system, an empty file's worth. */
const INSERTS = ['"', '\ufeff', '\0', '\r', '\n\n\n', ',,,,,,,,', '{"a":{"b":[', '"\n"', '\u2028']
  .map((text) => new TextEncoder().encode(text))
  .concat(Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xc3, 0x28), Uint8Array.of(0xed, 0xa0, 0x80));

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

import { describe, expect, test } from 'vitest';
import { type CodedLists, writeCodedLists } from '../../../engine/artifacts/coded-lists-parquet.ts';
import { encodeStrings } from '../../../engine/artifacts/encoded-strings.ts';
import { ListWriter } from '../../../lambdas/shared/list-writer.ts';

/** Four row groups, the last one short. */
const ROWS = 160_000;
const LISTS: CodedLists = {
  names: ['id', 'items'],
  texts: encodeStrings(Array.from({ length: ROWS }, (_, row) => `row ${row}`)),
  offsets: Uint32Array.from({ length: ROWS + 1 }, (_, row) => 2 * row),
  codes: Uint32Array.from({ length: 2 * ROWS }, (_, i) => (i * 7) % 500),
  dictionary: encodeStrings(Array.from({ length: 500 }, (_, i) => `P${i}`)),
};

async function write(threads: number, valuesExpected: number, lists = LISTS) {
  const writer = new ListWriter(threads);
  try {
    writer.expect(valuesExpected);
    return await writer.write(lists);
  } finally {
    await writer.close();
  }
}

describe('a list writer', () => {
  test.each([
    ['two threads', 2, 10_000_000],
    ['one thread, for there is one core', 1, 10_000_000],
    ['one thread, for there is little to write', 2, 1000],
  ])('makes the same file with %s', async (_, threads, values) => {
    expect(Buffer.from(await write(threads, values)).equals(writeCodedLists(LISTS))).toBe(true);
  });

  test('fails with what the second thread fails with', async () => {
    const faulty = { ...LISTS, names: undefined } as unknown as CodedLists;
    await expect(write(2, 10_000_000, faulty)).rejects.toThrow(TypeError);
  });
});

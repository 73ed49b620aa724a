import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { writeCodedLists } from '../../../engine/artifacts/coded-lists-parquet.ts';
import { encodeStrings } from '../../../engine/artifacts/encoded-strings.ts';
import { offsetsOf } from '../../../engine/numeric/grouping.ts';
import { withDatabase } from '../../../lambdas/shared/duckdb/duckdb.ts';

/** @param lists of indexes into the dictionary, none empty. */
function write(dictionary: string[], lists: number[][]) {
  return writeCodedLists({
    names: ['id', 'items'],
    texts: encodeStrings(lists.map((_, i) => `row ${i} ü`)),
    offsets: offsetsOf(lists.map((list) => list.length)),
    codes: Uint32Array.from(lists.flat()),
    dictionary: encodeStrings(dictionary),
  });
}
const rowsOf = (dictionary: string[], lists: number[][]) =>
  lists.map((list, i) => ({ id: `row ${i} ü`, items: list.map((code) => dictionary[code]) }));

async function readAsDuckDb(bytes: Uint8Array) {
  return withDatabase(async (database, folder) => {
    const path = join(folder, 'lists.parquet');
    await writeFile(path, bytes);
    const rows = await database.rows(`SELECT id, to_json(items)::VARCHAR AS items FROM read_parquet('${path}')`);
    return rows.map(({ id, items }) => ({ id, items: JSON.parse(String(items)) as string[] }));
  });
}

it('is read by two libraries as it was given', async () => {
  const dictionary = ['A', 'ü €', '', 'a text of some length 👟', 'never'];
  const list = fc.array(fc.nat(3), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 20 }), async (lists) => {
      const bytes = write(dictionary, lists);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      expect(await parquetReadObjects({ file })).toEqual(rowsOf(dictionary, lists));
      expect(await readAsDuckDb(bytes)).toEqual(rowsOf(dictionary, lists));
    }),
    { numRuns: 20 },
  );
});

it('holds more rows than a group, each with the part of the dictionary that it uses', async () => {
  const dictionary = Array.from({ length: 3000 }, (_, i) => `P${i}`);
  const lists = Array.from({ length: 50_001 }, (_, row) => [(row * 7) % 3000, (row * 11) % 3000]);
  expect(await readAsDuckDb(write(dictionary, lists))).toEqual(rowsOf(dictionary, lists));
});

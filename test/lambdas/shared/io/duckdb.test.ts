import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withDatabase } from '../../../../lambdas/shared/io/duckdb.ts';
import { identifier, literal } from '../../../../lambdas/shared/sql.ts';

it('streams numbers in chunks, in order', async () => {
  const found = await withDatabase(async (database) => {
    const values: number[][] = [];
    for await (const [whole, half] of database.numericChunks(
      'SELECT range::INTEGER, range / 2 FROM range(5000) ORDER BY range',
    )) {
      whole.forEach((value, i) => {
        values.push([value, half[i]]);
      });
    }
    return values;
  });
  expect(found).toEqual(Array.from({ length: 5000 }, (_, i) => [i, i / 2]));
});

it('takes any text as a literal and any name as an identifier', async () => {
  const odd = 'it\'s "x"; DROP TABLE t; -- 👟\n';
  const rows = await withDatabase((database) => database.rows(`SELECT ${literal(odd)} AS ${identifier(odd)}`));
  expect(rows).toEqual([{ [odd]: odd }]);
});

it('reads times without a zone as UTC, wherever it runs', async () => {
  const sql = "SELECT epoch_ms(TIMESTAMPTZ '2026-07-01 00:00:00')::DOUBLE AS ms";
  expect(await withDatabase((database) => database.rows(sql))).toEqual([{ ms: Date.UTC(2026, 6, 1) }]);
});

it('leaves nothing behind, also when the work fails', async () => {
  let folder = '';
  const work = withDatabase(async (database, given) => {
    folder = given;
    await writeFile(join(folder, 'source.csv'), '');
    await database.run('SELECT nonsense');
  });
  await expect(work).rejects.toThrow('nonsense');
  expect(folder).not.toBe('');
  expect(existsSync(folder)).toBe(false);
});

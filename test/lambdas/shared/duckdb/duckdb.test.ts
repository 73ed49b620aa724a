import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { identifier, literal } from '../../../../engine/clicks/sql.ts';
import { ConfigurationError } from '../../../../engine/errors.ts';
import { withDatabase } from '../../../../lambdas/shared/duckdb/duckdb.ts';

afterEach(() => vi.unstubAllEnvs());

it('streams numbers, hashes and texts in chunks, in order', async () => {
  const texts = Array.from({ length: 5000 }, (_, i) =>
    i % 2 === 0 ? `${i}` : `a text of more than twelve bytes ${i}`,
  );
  const found = await withDatabase(async (database) => {
    const values: unknown[][] = [];
    const query = `SELECT CASE WHEN range % 2 = 0 THEN range::VARCHAR ELSE 'a text of more than twelve bytes ' || range END,
      (range * 4294967296 + 7)::UBIGINT, range / 2 FROM range(5000) ORDER BY range`;
    for await (const chunk of database.chunks(query)) {
      const [text, halves, numbers] = [chunk.texts(0), chunk.halves(1), chunk.numbers(2)];
      for (let row = 0; row < chunk.rowCount; row++) {
        const words = text.words.subarray(row * 4, row * 4 + 4);
        values.push([text.at(row), words[0], halves[row * 2], halves[row * 2 + 1], numbers[row]]);
      }
    }
    return values;
  });
  expect(found).toEqual(texts.map((text, i) => [text, text.length, 7, i, i / 2]));
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

it('keeps to a share of what Lambda gives the function, and spills what does not fit', async () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', '250');
  const found = await withDatabase(async (database, folder) => {
    const [{ limit }] = await database.rows("SELECT current_setting('memory_limit') AS limit");
    // 240 MB of numbers.
    await database.run(
      'CREATE TEMP TABLE numbers AS SELECT hash(range) AS a, hash(range + 1) AS b, hash(range + 2) AS c FROM range(10000000)',
    );
    const [{ rows }] = await database.rows('SELECT count(*)::INTEGER AS rows FROM numbers');
    return { limit, rows, spilled: existsSync(join(folder, 'spill')) };
  });
  // 40 % of 250 MB.
  expect(found).toEqual({ limit: '95.3 MiB', rows: 10_000_000, spilled: true });
});

it.each([
  "SELECT * FROM read_csv('/etc/passwd', sep = ':', header = false)",
  "COPY (SELECT 1) TO '/tmp/alike-outside.csv'",
  "SELECT * FROM read_csv('https://attacker.example/x.csv')",
  'SET enable_external_access = true',
  "SET allowed_directories = ['/']",
])('reaches the files of its folder and nothing else: %s', async (sql) => {
  const work = withDatabase(async (database, folder) => {
    await database.run(`COPY (SELECT 1 AS one) TO '${join(folder, 'inside.csv')}'`);
    await database.run(sql);
  });
  await expect(work).rejects.toThrow(/disabled|Cannot|locked/i);
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

it('GIVEN a database that cannot be opened THEN it leaves nothing behind either', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'duckdb-test-'));
  vi.stubEnv('TMPDIR', parent);
  vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'plenty');
  await expect(withDatabase(async () => {})).rejects.toThrow(ConfigurationError);
  expect(await readdir(parent)).toEqual([]);
  await rm(parent, { recursive: true });
});

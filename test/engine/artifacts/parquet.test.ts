import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeParquet } from '../../../engine/artifacts/parquet.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parquet-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** DuckDB is another implementation than the writer's. */
async function query(bytes: Uint8Array, sql: string) {
  const file = path.join(folder, 'dataset.parquet');
  await writeFile(file, bytes);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql.replaceAll('$file', `'${file}'`))).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test('every column type reads back in DuckDB with its name, its type and its values', async () => {
  const bytes = writeParquet([
    { name: 'Product_ID', type: 'STRING', values: ['A13', 'Łódź "quoted", comma', ''] },
    { name: 'Cluster_No', type: 'INT32', values: Int32Array.of(-1, 0, 2_147_483_647) },
    { name: 'Cluster_Member_List', type: 'STRING_LIST', values: [['A1', 'B2'], [], ['é']] },
    { name: 'Vectors', type: 'FLOAT_LIST', values: [Float32Array.of(0.5, -0.25), [], [1e-30]] },
  ]);

  const schema = await query(bytes, 'DESCRIBE SELECT * FROM $file');
  expect(schema.map((c) => [c['column_name'], c['column_type']])).toEqual([
    ['Product_ID', 'VARCHAR'],
    ['Cluster_No', 'INTEGER'],
    ['Cluster_Member_List', 'VARCHAR[]'],
    ['Vectors', 'FLOAT[]'],
  ]);
  expect(await query(bytes, 'SELECT * FROM $file')).toEqual([
    { Product_ID: 'A13', Cluster_No: -1, Cluster_Member_List: ['A1', 'B2'], Vectors: [0.5, -0.25] },
    { Product_ID: 'Łódź "quoted", comma', Cluster_No: 0, Cluster_Member_List: [], Vectors: [] },
    { Product_ID: '', Cluster_No: 2_147_483_647, Cluster_Member_List: ['é'], Vectors: [Math.fround(1e-30)] },
  ]);
  expect(await query(bytes, 'SELECT DISTINCT compression FROM parquet_metadata($file)')).toEqual([
    { compression: 'SNAPPY' },
  ]);
});

test('rows stay in order across row groups', async () => {
  const numbers = Array.from({ length: 25_001 }, (_, i) => i);
  const bytes = writeParquet([
    { name: 'number', type: 'INT32', values: numbers },
    { name: 'half', type: 'FLOAT_LIST', values: numbers.map((i) => [i / 2, i]) },
  ]);

  expect(
    await query(
      bytes,
      `SELECT count(*)::INT AS n, count(*) FILTER (number = file_row_number AND half = [number / 2, number])::INT AS same
       FROM read_parquet($file, file_row_number = true)`,
    ),
  ).toEqual([{ n: 25_001, same: 25_001 }]);
  expect(await query(bytes, 'SELECT max(row_group_id)::INT AS last FROM parquet_metadata($file)')).toEqual([
    { last: 2 },
  ]);
});

test('rows may be made when they are asked for, each once', async () => {
  const asked: number[] = [];
  const lazily = (row: number) => {
    asked.push(row);
    return [`a${row}`, `b${row}`];
  };
  const bytes = writeParquet([{ name: 'members', type: 'STRING_LIST', values: { length: 10_001, at: lazily } }]);

  expect(asked).toEqual(Array.from({ length: 10_001 }, (_, i) => i));
  expect(
    await query(
      bytes,
      `SELECT count(*) FILTER (members = ['a' || file_row_number, 'b' || file_row_number])::INT AS same
       FROM read_parquet($file, file_row_number = true)`,
    ),
  ).toEqual([{ same: 10_001 }]);
});

test('no rows give a file with the columns and no rows', async () => {
  const bytes = writeParquet([
    { name: 'id', type: 'STRING', values: [] },
    { name: 'members', type: 'STRING_LIST', values: [] },
  ]);

  expect(await query(bytes, 'SELECT count(*)::INT AS n FROM $file')).toEqual([{ n: 0 }]);
  expect(await query(bytes, 'DESCRIBE SELECT * FROM $file')).toHaveLength(2);
});

test('the same columns give the same bytes', () => {
  const write = () =>
    writeParquet([
      { name: 'id', type: 'STRING', values: ['a', 'b'] },
      { name: 'Vectors', type: 'FLOAT_LIST', values: [Float32Array.of(1, 2), Float32Array.of(3, 4)] },
    ]);

  expect(Buffer.from(write()).equals(Buffer.from(write()))).toBe(true);
});

test('columns of different lengths are refused by name', () => {
  expect(() =>
    writeParquet([
      { name: 'id', type: 'STRING', values: ['a', 'b'] },
      { name: 'number', type: 'INT32', values: [1] },
    ]),
  ).toThrow('Column "number" has 1 rows but "id" has 2.');
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { applyPatch } from '../../../engine/catalogue/apply-patch.ts';
import { type Catalogue, valuesAt } from '../../../engine/catalogue/catalogue.ts';
import type { FeedReading } from '../../../engine/catalogue/feed-columns.ts';
import { readFeed } from '../../../engine/catalogue/read-feed.ts';
import { openFeedFile } from '../../../lambdas/shared/catalogue/open-feed-file.ts';
import { withDatabase } from '../../../lambdas/shared/duckdb/duckdb.ts';

/** Reads a feed of that name. */
function read(name: string, body: string | Uint8Array, reading: FeedReading = {}) {
  return withDatabase(async (database, folder) => {
    const path = join(folder, 'source');
    await writeFile(path, body);
    const { file, linesOfItems } = await openFeedFile(path, name, undefined);
    const feed = await readFeed(database, file, reading, folder, linesOfItems);
    const rejects = await database.rows(
      'SELECT line::INTEGER AS line, "column", reason FROM rejected_rows ORDER BY line',
    );
    return { ...feed, rejects: rejects.map(({ line, column, reason }) => [line, column, reason]) };
  });
}

/** Id → fields that have a value. */
function rowsOf({ productIds, fields }: Catalogue): Record<string, unknown> {
  const valuesOf = (row: number) =>
    [...fields].flatMap(([name, field]) => {
      const values = valuesAt(field, row);
      return values.length === 0 ? [] : [[name, values]];
    });
  return Object.fromEntries(productIds.map((id, row) => [id, Object.fromEntries(valuesOf(row))]));
}

/** The products of a full feed. */
const productsOf = async (name: string, body: string | Uint8Array, reading?: FeedReading) =>
  rowsOf((await read(name, body, reading)).builder.finish('v1'));

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('a file that is not UTF-8', () => {
  test('is told of once, in sentences that end once', async () => {
    const feed = await read('f.csv', Buffer.concat([Buffer.from('id,title\n1,Hut\n'), latin1('2,Größe\n')]));
    expect(feed).toMatchObject({ acceptedRows: 1, rejectedRows: 1, notUtf8Rows: 1 });
    expect(feed.firstReject).toMatch(/^line 3, column title: invalid encoding: .*not utf-8 encoded$/);
  });

  test('may hold JSON', async () => {
    await expect(read('f.jsonl', latin1('{"id":1,"title":"Größe"}\n'))).rejects.toThrow(
      /encoded: found .*, in UTF-8\. If the file is Latin-1 \(Windows-1252\), .*--encoding latin-1\)\.$/,
    );
  });
});

test('what DuckDB says of a file ends in one full stop', async () => {
  await expect(read('f.json', '[{"id":1},\n]')).rejects.toThrow(/length is 0\. If it was cut off/);
});

const parquet = (columns: Record<string, unknown[]>) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(columns).map(([name, data]) => ({
        name,
        data,
        ...(data.some((value) => typeof value === 'object') && { type: 'JSON' as const }),
      })),
    }),
  );

describe('columns whose names differ in case only', () => {
  test.each<[string, string | Uint8Array]>([
    ['f.csv', 'id,Title,title\n1,a,b\n'],
    ['f.jsonl', '{"id":1,"Title":"a"}\n{"id":2,"title":"b"}\n'],
    ['f.json', '[{"id":1,"Title":"a"},{"id":2,"title":"b"}]'],
    ['f.xml', '<r><item><id>1</id><Title>a</Title><title>b</title></item></r>'],
    ['f.parquet', parquet({ id: ['1'], Title: ['a'], title: ['b'] })],
  ])('are one field: %s is refused by their names', async (name, body) => {
    await expect(read(name, body)).rejects.toThrow('columns "Title" and "title" are both the field "title"');
  });

  test('are told apart where one of them is named', async () => {
    const columns = { title: 'Title' };
    expect(await productsOf('f.csv', 'id,Title,title\n1,a,b\n', { columns })).toEqual({
      1: { title: ['a'], feed_title: ['b'] },
    });
  });

  test('may be left out, as columns that Merchant Center lets a feed repeat', async () => {
    const { builder } = await read('f.csv', 'id,shipping,shipping,title_1\n1,a,b,c\n');
    expect(rowsOf(builder.finish('v1'))).toEqual({ 1: { title_1: ['c'] } });
    expect(builder.leftOut).toEqual(['shipping']);
  });
});

describe('what a file has as text stays text', () => {
  const TEXTS = ['[3]', '["x","y"]', '{"a":1}', 'null', '"quoted"', '[', '12.0'];
  const ids = TEXTS.map((_, i) => `p${i}`);
  const expected = Object.fromEntries(TEXTS.map((title, i) => [`p${i}`, { title: [title] }]));
  test.each<[string, string | Uint8Array]>([
    ['f.jsonl', ids.map((id, i) => `${JSON.stringify({ id, title: TEXTS[i] })}\n`).join('')],
    ['f.json', JSON.stringify(ids.map((id, i) => ({ id, title: TEXTS[i] })))],
    ['f.xml', `<r>${ids.map((id, i) => `<item><id>${id}</id><title>${TEXTS[i]}</title></item>`).join('')}</r>`],
    ['f.parquet', parquet({ id: ids, title: TEXTS })],
    ['f.tsv', `id\ttitle\n${ids.map((id, i) => `${id}\t"${TEXTS[i].replaceAll('"', '""')}"\n`).join('')}`],
  ])('%s', async (name, body) => {
    expect(await productsOf(name, body)).toEqual(expected);
  });

  test('lists are several values, objects are JSON, numbers are as they are written', async () => {
    const jsonl =
      '{"id":1,"size":["M","[L]",7],"code":12345678901234567890,"box":{"w":1.0},"none":null,"empty":[],"new":true}\n' +
      '{"id":12.0,"size":"S","code":3}\n';
    expect(await productsOf('f.jsonl', jsonl)).toEqual({
      1: { size: ['M', '[L]', '7'], code: ['12345678901234567890'], box: ['{"w":1.0}'], new: ['true'] },
      12: { size: ['S'], code: ['3'] },
    });
  });
});

describe('an id that is none', () => {
  const REJECTS = [
    [1, 'id', '["a","b"] is a list or an object and no id'],
    [2, 'id', '{"x":1} is a list or an object and no id'],
    [3, 'id', '[7] is a list or an object and no id'],
  ];
  test.each<[string, string | Uint8Array]>([
    ['f.jsonl', '{"id":["a","b"]}\n{"id":{"x":1}}\n{"id":"[7]"}\n{"id":"z"}\n'],
    ['f.parquet', parquet({ id: [['a', 'b'], { x: 1 }, [7], 'z'] })],
  ])('is refused and counted: %s', async (name, body) => {
    const { builder, rejects } = await read(name, body);
    expect(rejects).toEqual(REJECTS);
    expect(builder.finish('v1').productIds).toEqual(['z']);
  });

  test('is several elements of one name', async () => {
    const { rejects } = await read('f.xml', '<r>\n<item><id>a</id><id>b</id></item><item><id>z</id></item></r>');
    expect(rejects).toEqual([[2, 'id', '["a","b"] is a list or an object and no id']]);
  });
});

describe('a delta means the same in every format', () => {
  const BASE = 'id,title,price,sale_price\na,A,5,3\nb,B,6,4\n';
  const AFTER = { a: { title: ['A'], price: [7] }, b: { title: ['BB'], price: [6], sale_price: [4] } };
  test.each([
    ['f.jsonl', '{"id":"a","price":7,"sale_price":null}\n{"id":"b","title":"BB"}\n'],
    ['f.jsonl', '{"id":"a","price":7,"sale_price":""}\n{"id":"b","title":"BB"}\n'],
    ['f.json', '[{"id":"a","price":7,"sale_price":[]},{"id":"b","title":"BB"}]'],
    [
      'f.xml',
      '<r><item><g:id>a</g:id><g:price>7</g:price><g:sale_price/></item><item><g:id>b</g:id><title>BB</title></item></r>',
    ],
    ['f.csv', 'id,title,price,sale_price\na,A,7,\nb,BB,6,4\n'],
  ])('%s: %s', async (name, body) => {
    const base = (await read('base.csv', BASE)).builder.finish('v1');
    const patch = (await read(name, body, { kind: 'delta' })).builder.finishPatch('v2');
    const { catalogue, counts } = applyPatch(base, patch, 'v2');
    expect(rowsOf(catalogue)).toEqual(AFTER);
    expect(counts).toMatchObject({ updated: 2, cleared: { sale_price: 1 } });
  });
});

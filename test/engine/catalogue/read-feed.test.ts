import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

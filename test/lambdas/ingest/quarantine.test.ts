import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import type { Quarantine } from '../../../engine/artifacts/quarantine.ts';
import type { Database } from '../../../engine/clicks/database.ts';
import type { SourceFile } from '../../../engine/clicks/source-file.ts';
import { loadReadable } from '../../../lambdas/ingest/readable-files.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { getJson } from '../../support/get-json.ts';
import { type Execution, newExecution, openStages, type Stages } from '../../support/stages.ts';

const COLUMNS = { session: 's', product: 'p', order: 'o' };
const GOOD = 's;p;o\n1;A;1\n1;B;2\n';

let stages: Stages;
beforeAll(async () => {
  stages = await openStages();
});
afterAll(() => stages.close());

let folders = 0;
/** Runs `ingest` on files of a new folder. @param contents by name, in the order in which they are read. */
async function ingest(contents: Record<string, string | Uint8Array>, request: Record<string, unknown> = {}) {
  const folder = `raw/${++folders}`;
  for (const [name, content] of Object.entries(contents)) await stages.upload(`${folder}/${name}`, content);
  return ingestFolder(folder, request);
}

async function ingestFolder(folder: string, request: Record<string, unknown> = {}) {
  const execution = newExecution();
  const { counts } = await stages.runStage('ingest', execution, {
    source: folder,
    columns: COLUMNS,
    settings: { unreadable_files: 'skip' },
    ...request,
  });
  return { folder, counts, execution, files: await quarantineOf(execution) };
}

async function quarantineOf(execution: Execution) {
  const runId = runIdOf(execution);
  return (await getJson<Quarantine>(stages.store, artifactKey(runId, 'quarantine')))?.files;
}

/** A Parquet file with two pages' worth of damage in its middle: its footer is sound. */
function damagedParquet(): Uint8Array {
  const names = Array.from({ length: 5_000 }, (_, i) => `visit ${i}`);
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 's', data: names, type: 'STRING' },
        { name: 'p', data: names.map((name) => `product of ${name}`), type: 'STRING' },
        { name: 'o', data: names.map((_, i) => i), type: 'INT32' },
      ],
    }),
  );
  return bytes.fill(0xa5, 40, bytes.length / 2);
}

const BAD: [string, string, string | Uint8Array, RegExp][] = [
  ['a gzip that was cut off', 'b.csv.gz', gzipSync(GOOD.repeat(500)).subarray(0, 60), /cannot be decompressed/],
  ['an archive', 'b.zip', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), /is a zip archive/],
  ['an upload without a byte', 'b.csv', '', /is empty/],
  ['other columns', 'b.csv', 'visit;sku\n1;A\n', /has no column "s", "p", "o"/],
  [
    'a quote that does not close',
    'b.csv',
    `s;p;o\n1;"A;1\n${'1;B;2\n'.repeat(30)}`,
    /a quote \("\) opens and does not close/,
  ],
  ['rows that are none', 'b.csv', 's;p;o\n;A;1\n;B;2\n', /All 2 rows were refused.*has no id/s],
  ['an order that is none', 'b.csv', 's;p;o\n1;A;first\n1;B;second\n', /All 2 rows were refused.*column "o"/s],
  ['JSON that ends in the middle', 'b.json', '[{"s":"1","p":"A","o":1},{"s":"1",', /does not end with "]"/],
  ['damage in the middle of a Parquet file', 'b.parquet', damagedParquet(), /cannot be read as Parquet/],
];

describe('with unreadable_files=skip', () => {
  it.each(BAD)('a run does without %s, and keeps the reason', async (_, name, content, reason) => {
    const { counts, files, execution, folder } = await ingest({ 'a.csv': GOOD, [name]: content, 'c.csv': GOOD });
    expect(counts).toEqual({ rows: 4, rejectedRows: 0, unreadableFiles: 1, newUnreadableFiles: 1 });
    expect(files).toHaveLength(1);
    expect(files![0]).toMatchObject({
      name: `${folder}/${name}`,
      sizeBytes: content.length,
      firstRun: runIdOf(execution),
    });
    expect(files![0].reason).toMatch(reason);
    expect(await stages.rowsOf(execution, 'raw_session_based_clickstream_data')).toHaveLength(4);
  });

  it.each(BAD)('a run does without %s where it comes first', async (_, name, content) => {
    const { counts } = await ingest({ [`_a/${name}`]: '', [`0${name}`]: content, 'c.csv': GOOD });
    expect(counts).toMatchObject({ rows: 2, unreadableFiles: 1 });
  });

  it('leaves out many of several kinds at once, and takes sound files of every kind', async () => {
    const bad = Object.fromEntries(BAD.map(([, name, content], i) => [`${i}-${name}`, content]));
    const json = '{"s":"2","p":"A","o":1}\n{"s":"2","p":"B","o":2}\n';
    const { counts, files } = await ingest({ 'a.csv': GOOD, ...bad, 'x.jsonl': json, 'y.csv': 's;p;o\n' });
    expect(counts).toMatchObject({ rows: 4, rejectedRows: 0, unreadableFiles: BAD.length });
    expect(files).toHaveLength(BAD.length);
  });

  it.each(['0.csv', 'z.csv'])(
    'GIVEN a file (%s) whose rows that count are all refused, beside rows of other events THEN a run does without it',
    async (name) => {
      const columns = { ...COLUMNS, event: 'e', events: { view: 1 } };
      const header = 's;p;o;e\n';
      const good =
        header + ['1;A;1;view', '1;B;2;view', '2;A;1;view', '2;C;2;search'].map((row) => `${row}\n`).join('');
      const bad = `${header};A;1;view\n;B;2;view\n3;C;1;search\n`;
      const { files, execution } = await ingest({ 'a.csv': good, [name]: bad }, { columns });
      expect(files).toEqual([expect.objectContaining({ name: expect.stringContaining(name) })]);
      expect(files![0].reason).toMatch(/rows were refused/);
      expect(await stages.rowsOf(execution, 'rejected_rows')).toEqual([]);
    },
  );

  it('counts a file as new once, and again when it has changed', async () => {
    const first = await ingest({ 'a.csv': GOOD, 'b.csv': 'visit;sku\n' });
    expect(first.counts).toMatchObject({ unreadableFiles: 1, newUnreadableFiles: 1 });
    const again = await ingestFolder(first.folder);
    expect(again.counts).toMatchObject({ unreadableFiles: 1, newUnreadableFiles: 0 });
    expect(again.files![0].firstRun).toBe(runIdOf(first.execution));
    await stages.upload(`${first.folder}/b.csv`, 'visit;article\n');
    expect((await ingestFolder(first.folder)).counts).toMatchObject({ unreadableFiles: 1, newUnreadableFiles: 1 });
    await stages.upload(`${first.folder}/b.csv`, GOOD);
    const mended = await ingestFolder(first.folder);
    expect(mended.counts).toEqual({ rows: 4, rejectedRows: 0 });
    expect(mended.files).toBeUndefined();
  });

  it('takes the columns of the first file that is of a known format, where none are named', async () => {
    const known =
      'timestamp,visitorid,event,itemid,transactionid\n1433221332117,1,view,A1,\n1433221332118,1,view,A2,\n';
    const { counts, files } = await ingest({ 'a.csv': 'name;mail\n', 'b.csv': known, 'c.csv': known }, { columns: {} });
    expect(counts).toMatchObject({ rows: 4, unreadableFiles: 1 });
    expect(files![0].name).toMatch(/a\.csv$/);
  });

  it('fails when no file can be read, and says why of each', async () => {
    await expect(ingest({ 'a.csv': 'visit;sku\n' })).rejects.toThrow(/^raw\/\d+\/a\.csv has no column/);
    await expect(ingest({ 'a.csv': 'visit;sku\n', 'b.csv': '' })).rejects.toThrow(
      /^None of the 2 files can be read:\n {2}raw\/\d+\/b\.csv is empty.*\n {2}raw\/\d+\/a\.csv has no column/,
    );
  });

  it('fails when all files are read in a wrong way', async () => {
    const bad = 's;p;o\n1;A;first\n';
    await expect(ingest({ 'a.csv': bad, 'b.csv': bad })).rejects.toThrow(/All 2 rows were refused/);
  });
});

it('does not take a machine without memory for a file that cannot be read', async () => {
  const database = {
    run: async () => {},
    rows: () => Promise.reject(new Error('Out of Memory Error: failed to allocate data of size 16.0 MiB')),
    chunks: () => Promise.reject(new Error('not reached')),
  };
  const file = { name: 'a.parquet', path: '/a', format: 'parquet', start: new Uint8Array() } as unknown as SourceFile;
  const files = [{ file, input: { name: 'a.parquet', sizeBytes: 1 }, sha256: async () => '' }];
  const request = { columns: COLUMNS };
  const reader = { database: database as unknown as Database, request, folder: '/', nowMs: 0, maxRejectedShare: 0 };
  await expect(loadReadable({ files, unreadable: [] }, reader, true)).rejects.toThrow(
    /^a\.parquet cannot be read in the memory that there is/,
  );
});

it('fails without it', async () => {
  const settings = { settings: {} };
  for (const [, name, content, reason] of BAD) {
    const refused = ingest({ 'a.csv': GOOD, [name]: content }, settings);
    await expect(refused).rejects.toThrow(
      name.endsWith('b.csv') && /rows/.test(reason.source) ? /rows were refused/ : reason,
    );
  }
});

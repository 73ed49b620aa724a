import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import type { StageRecord } from '../../../engine/artifacts/stage-record.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { needsEshopFile, parseEshop, readEshopFile } from '../../support/eshop.ts';
import { getJson } from '../../support/get-json.ts';
import { newExecution, openStages, type Stages } from '../../support/stages.ts';

let stages: Stages;
beforeAll(async () => {
  stages = await openStages();
});
afterAll(() => stages.close());

describe('the real clickstream', () => {
  needsEshopFile();

  it('has the same 165,474 rows and 14 columns in Parquet, as two libraries read them that are not the writer', async () => {
    const eshop = readEshopFile();
    const execution = newExecution();
    await stages.upload('raw/eshop.csv.gz', eshop);
    const { counts } = await stages.runStage('ingest', execution, {
      source: 'raw/eshop.csv.gz',
      columns: FORMATS.eshop,
    });
    expect(counts).toEqual({ rows: 165_474, rejectedRows: 0 });

    const [header, ...rows] = parseEshop(eshop);
    const found = await stages.rowsOf(execution, 'raw_session_based_clickstream_data');
    expect(header).toHaveLength(14);
    expect(rows).toHaveLength(165_474);
    expect(Object.keys(found[0])).toEqual(header);
    const digest = (lines: Iterable<string>) => {
      const hash = createHash('sha256');
      for (const line of lines) hash.update(`${line}\n`);
      return hash.digest('hex');
    };
    expect(digest(found.map((row) => Object.values(row).join(';')))).toBe(digest(rows.map((row) => row.join(';'))));
    expect(found[0]).toMatchObject({ 'session ID': '1', 'page 2 (clothing model)': 'A13', year: 2008n, price: 28n });
    expect(await stages.rowsOf(execution, 'rejected_rows')).toEqual([]);
  });
});

it('records what it read: name, size and hash of each object as it was uploaded', async () => {
  const execution = newExecution();
  const content = 's;p;o\n1;A;1\n';
  await stages.upload('raw/small.csv', content);
  await stages.runStage('ingest', execution, {
    source: 'raw/small.csv',
    columns: { session: 's', product: 'p', order: 'o' },
  });
  const record = await getJson<StageRecord>(stages.store, stageRecordKey(runIdOf(execution), 'ingest'));
  expect(record?.details).toEqual({
    inputs: [
      {
        name: 'raw/small.csv',
        sizeBytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    ],
  });
});

it('reads a file elsewhere on this machine by its URI, whatever its name', async () => {
  await stages.upload('Ö 50% #1/clicks 1.csv', 's;p;o\n1;A;1\n');
  const { counts } = await stages.runStage('ingest', newExecution(), {
    source: `${stages.store.uri}/${encodeURIComponent('Ö 50% #1')}/clicks%201.csv`,
    columns: { session: 's', product: 'p', order: 'o' },
  });
  expect(counts).toEqual({ rows: 1, rejectedRows: 0 });
});

it('takes one session of a million views', { timeout: 120_000 }, async () => {
  const execution = newExecution();
  const products = 97;
  // The last view first: order decides, not the file.
  const lines = Array.from({ length: 1_000_000 }, (_, i) => `visit;P${(999_999 - i) % products};${999_999 - i}`);
  await stages.upload('raw/long.csv', `s;p;o\n${lines.join('\n')}\n`);
  const request = { source: 'raw/long.csv', columns: { session: 's', product: 'p', order: 'o' } };
  expect((await stages.runStage('ingest', execution, request)).counts['rows']).toBe(1_000_000);
  expect((await stages.runStage('sequence', execution, request)).counts).toEqual({
    sessions: 1,
    products,
    sequences: 1,
    sequencesOfOneProduct: 0,
    sequenceViews: 1_000_000,
  });
  const [{ chronological_product_sequence: sequence }] = await stages.rowsOf(execution, 'sequential_products');
  expect((sequence as unknown as string[]).slice(0, 3)).toEqual(['P0', 'P1', 'P2']);
});

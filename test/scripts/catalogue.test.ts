import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { valuesAt } from '../../engine/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { readCataloguePointer } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../scripts/lib/workspace.ts';
import { runScript } from '../support/run-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-catalogue-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function load(csv: string) {
  const feed = join(folder, 'feed.csv');
  await writeFile(feed, csv);
  const result = await runScript('catalogue.ts', feed, '--workspace', folder);
  const store = await openArtifactStore(workspaceUri(folder));
  const pointer = await readCataloguePointer(store);
  if (pointer === undefined) return { ...result, pointer, catalogue: undefined, rejects: undefined };
  const { version } = pointer;
  const catalogue = decodeCatalogue((await store.get(catalogueKey(version, 'catalogue')))!.bytes, version);
  const { bytes } = (await store.get(catalogueKey(version, 'rejected_rows')))!;
  const rejects = await parquetReadObjects({ file: bytes.slice().buffer });
  return { ...result, pointer, catalogue, rejects };
}

test('a feed goes live, the rows that cannot be used are kept with line and reason, the feed before it is remembered', async () => {
  const first = await load('id,title\nA13,Shirt\n');
  expect(first).toMatchObject({ exitCode: 0, stderr: '', pointer: { previous: null } });
  const { stdout, pointer, catalogue, rejects } = await load(
    'id,title,price\nA13,"Shirt,\nlong",12.90 EUR\nB1,Hat,cheap\n\nB2,Sock,3\n',
  );
  expect(pointer?.previous).toBe(first.pointer?.version);
  expect(stdout).toBe(`Catalogue ${pointer?.version} is live: 2 products.\n`);
  expect(catalogue?.productIds).toEqual(['A13', 'B2']);
  expect(valuesAt(catalogue!.fields.get('price')!, 0)).toEqual([12.9]);
  expect(rejects).toEqual([
    expect.objectContaining({
      line: 4n,
      column: 'price',
      reason: expect.stringContaining('"cheap" is no price'),
      content: '{"id":"B1","title":"Hat","price":"cheap"}',
    }),
  ]);
});

test('a file without an id is refused and nothing goes live', async () => {
  const { exitCode, stderr, pointer } = await load('sku,title\nA13,Shirt\n');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: feed\.csv has no column "id"/);
  expect(pointer).toBeUndefined();
});

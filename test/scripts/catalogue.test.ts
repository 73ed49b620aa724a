import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { valuesAt } from '../../engine/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { readCataloguePointer } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { readRunIndex } from '../../lambdas/shared/runs/run-index.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../scripts/lib/workspace.ts';
import { publish } from '../support/published-model.ts';
import { runScript } from '../support/run-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-catalogue-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runScript('catalogue.ts', ...args, '--workspace', folder);

async function load(csv: string, ...options: string[]) {
  const feed = join(folder, 'feed.csv');
  await writeFile(feed, csv);
  return run(feed, ...options);
}

async function live() {
  const store = await openArtifactStore(workspaceUri(folder));
  const pointer = await readCataloguePointer(store);
  if (pointer === undefined) return undefined;
  const { version, previous } = pointer;
  return {
    version,
    previous,
    catalogue: decodeCatalogue((await store.get(catalogueKey(version, 'catalogue')))!.bytes, version),
  };
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => `p${i},T${i},${i}.50 EUR,in stock\n`).join('');

test('a feed goes live, says what it holds, and what cannot be used', async () => {
  const { exitCode, stdout, stderr } = await load(
    `sku,Name,price,availability\n${rows(3)}x,X,cheap,in stock\ny,Y,1,sold out\n`,
    '--id',
    'sku',
    '--title',
    'Name',
    '--attribute',
    'title_too=price',
  );
  const { version, catalogue } = (await live())!;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(`Catalogue ${version} is live: 5 products, 1 sold out.\n`);
  expect(valuesAt(catalogue.fields.get('title_too')!, 3)).toEqual(['cheap']);
  const again = await load(
    `sku,Name,price,availability\n${rows(3)}x,X,cheap,in stock\n`,
    '--id',
    'sku',
    '--title',
    'Name',
  );
  expect(again.stdout).toMatch(
    /live: 3 products, 3 with a price\.\n1 of 4 rows cannot be used, the first: line 5, column price: "cheap" is no price: .+; they stand with line and reason in catalogue\/.+\/rejected_rows\/\.\nNote: Fields of the live catalogue that no product has any more: title_too\..*\n$/,
  );
});

test('a feed that lost its products is refused; a person lists, promotes, and rolls back', async () => {
  const header = 'id,title,price,availability\n';
  await load(header + rows(50));
  const before = (await live())!.version;
  const refused = await load(header + rows(10));
  expect(refused.exitCode).toBe(3);
  expect(refused.stdout).toMatch(/^Refused: 10 products are left, where the live catalogue has 50/);
  const command = /npm run catalogue -- promote (\S+) --workspace/.exec(refused.stdout)![1];
  expect((await live())!.version).toBe(before);
  const listed = (await run('list')).stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/).slice(0, 4));
  expect(listed).toEqual([
    ['version', 'status', 'kind', 'products'],
    [command, 'refused', 'full', '10'],
    [before, 'live', 'full', '50'],
  ]);
  expect((await run('promote', command)).stdout).toBe(`Catalogue ${command} is live; before it, ${before} was.\n`);
  expect(await live()).toMatchObject({ version: command, previous: before });
  expect((await run('rollback')).stdout).toMatch(`Catalogue ${before} is live again.`);
  expect(await live()).toMatchObject({ version: before, previous: command });
});

test('a delta changes the live catalogue', async () => {
  await load(`id,title,price,availability\n${rows(3)}`);
  const { stdout } = await load('id,price\np1,99\nnew,1\n', '--delta');
  expect(stdout).toMatch(/is live: 4 products, 4 with a price\.\n1 product added, 1 updated, 0 deleted\.\n/);
  const { catalogue } = (await live())!;
  expect(valuesAt(catalogue.fields.get('price')!, 1)).toEqual([99]);
  expect(valuesAt(catalogue.fields.get('title')!, 1)).toEqual(['T1']);
  await load('id\np1\n', '--delete');
  expect((await live())!.catalogue.productIds).toEqual(['p0', 'p2', 'new']);
});

test('ids that the model does not know are noted', async () => {
  await publish(await openArtifactStore(workspaceUri(folder)), 'run-1');
  const { stdout } = await load(`id,title,price,availability\n${rows(3)}`);
  expect(stdout).toMatch(
    /Note: Only 0 of the 23 products that were viewed are in the catalogue\. Are the ids the same/,
  );
});

test('GIVEN a feed with some of the viewed products THEN the note has examples of those that are not in both', async () => {
  await publish(await openArtifactStore(workspaceUri(folder)), 'run-1');
  const { productIds } = (await readRunIndex(await openArtifactStore(workspaceUri(folder)), 'run-1'))!;
  const [first, second, third, fourth, fifth] = productIds;
  const header = 'id,title,price,availability\n';
  const row = (id: string) => `${id},T,1 EUR,in stock\n`;
  const lacks = [third, fourth, fifth].map((id) => `"${id}"`).join(', ');
  const some = await load(header + row(first) + row(second));
  expect(some.stdout).toContain(
    `Note: Only 2 of the 23 products that were viewed are in the catalogue. It lacks ${lacks}: does the feed have all products?\n`,
  );
  const others = await load(`${header}${row(first)}${row(second)}${row('x')}`);
  expect(others.stdout).toContain(
    `Are the ids the same as in the clicks? Of the others, the catalogue has "x", and the clicks have ${lacks}.\n`,
  );
});

test.each([
  [['no-such-feed.csv'], 1, /^error: There is no file ".*no-such-feed\.csv"\. Name a feed, or one of list/],
  [['promote'], 2, /^error: Say which: npm run catalogue -- promote VERSION/],
  [['promote', 'v9'], 1, /^error: There is no catalogue\/v9\/catalogue\.bin .*"npm run catalogue -- list --workspace /],
  [['rollback'], 1, /^error: No catalogue was live before/],
  [['a.csv', 'b.csv'], 2, /^error: Give one feed/],
  [['a.csv', '--attribute', 'x'], 2, /Give it as field=column/],
])('%j is explained', async (args, exitCode, message) => {
  const result = await run(...args);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toMatch(message);
});

test('--json prints the record', async () => {
  const { stdout } = await load('id,title\na,A\n', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: 'live',
    kind: 'full',
    counts: { rows: 1 },
    facts: { products: 1 },
  });
});

import { rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { literal } from '../../engine/clicks/sql.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { measureProcess, temporaryFolder, type Usage } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';

/** How long a feed takes, from the file to the live catalogue, as `npm run catalogue` loads it: time and memory. */
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '20000,200000,1000000' } } });
const sizes = values.sizes.split(',').map(Number);

const DELTA_ROWS = 1_000;
const LARGE = 1_000_000;
const MOST_SECONDS = 20;
const MOST_MIB = 1_024;
const MOST_DELTA_SECONDS = 1;

const folder = temporaryFolder();
const rows: string[][] = [];
for (const products of sizes) {
  const feed = path.join(folder, 'products.parquet');
  await writeFeed(feed, products);
  const full = await load(feed, products);
  const delta = path.join(folder, 'prices.csv');
  const changed = Array.from({ length: DELTA_ROWS }, (_, i) => `P${(i * 977) % products},${i}.50,out_of_stock\n`);
  writeFileSync(delta, `id,price,availability\n${changed.join('')}`);
  const update = await load(delta, products, '--delta');
  rows.push(
    rowOf(`${products.toLocaleString('en')} products`, full, feed),
    rowOf(`a delta of ${DELTA_ROWS.toLocaleString('en')} on them`, update, delta),
  );
  if (products === LARGE) {
    report('1 M products from Parquet', full, MOST_SECONDS, MOST_MIB);
    report(`a delta of ${DELTA_ROWS} on 1 M products`, update, MOST_DELTA_SECONDS);
  }
}
console.log(alignColumns([['feed', 'MB', 'seconds', 'CPU seconds', 'peak MiB'], ...rows], [1, 2, 3, 4]).join('\n'));
rmSync(folder, { recursive: true });

/** Ten columns as in a feed for Google Merchant Center, four variants a product. */
async function writeFeed(file: string, products: number): Promise<void> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  await connection.run(
    `COPY (SELECT 'P' || i AS id, 'Product number ' || i || ' of the shop' AS title, 'https://shop.example/p/' || i AS link,
       'https://img.shop.example/' || i || '.jpg' AS image_link, round(i % 5000 / 7.0 + 1, 2) AS price,
       ['in_stock', 'out_of_stock', 'preorder'][i % 3 + 1] AS availability, 'Brand ' || i % 2000 AS brand,
       'Category ' || i % 20 || ' > Part ' || i % 400 AS product_type, 'G' || i // 4 AS item_group_id,
       ['red', 'green', 'blue'][i % 3 + 1] AS color FROM range(${products}) t(i)) TO ${literal(file)} (FORMAT parquet)`,
  );
  connection.closeSync();
}

function load(feed: string, products: number, ...options: string[]): Promise<Usage> {
  const script = path.join(import.meta.dirname, '../catalogue.ts');
  const workspace = path.join(folder, `workspace-${products}`);
  return measureProcess(process.execPath, [script, feed, '--workspace', workspace, ...options], 'See its own message.');
}

function rowOf(label: string, { seconds, cpuSeconds, peakMb }: Usage, file: string): string[] {
  const megabytes = statSync(file).size / 1e6;
  return [label, megabytes.toFixed(1), seconds.toFixed(2), cpuSeconds?.toFixed(2) ?? '–', peakMb?.toFixed(0) ?? '–'];
}

function report(comparison: string, { seconds, peakMb }: Usage, mostSeconds: number, mostMib?: number): void {
  reportResult({ comparison, ours: `${seconds.toFixed(2)} s`, target: atMost(seconds, mostSeconds, ' s') });
  if (peakMb === undefined || mostMib === undefined) return;
  reportResult({
    comparison: `${comparison}, memory`,
    ours: `${peakMb.toFixed(0)} MiB`,
    target: atMost(peakMb, mostMib, ' MiB'),
  });
}

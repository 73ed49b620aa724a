import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { encodeProductClusters } from '../../../lambdas/cluster/product-clusters.ts';

test('every product stands once, under its cluster, in DuckDB', async () => {
  const productIds = ['A13', 'B 2', 'zażółć 🧦', 'a"b,c\n;', '', "O'Neill"];
  const file = encodeProductClusters(productIds, Uint32Array.of(2, 0, 2, 1, 0, 2), 3);

  expect(await readWithDuckDb(file)).toEqual([
    { Cluster_No: 0, Cluster_Member_List: ['B 2', ''] },
    { Cluster_No: 1, Cluster_Member_List: ['a"b,c\n;'] },
    { Cluster_No: 2, Cluster_Member_List: ['A13', 'zażółć 🧦', "O'Neill"] },
  ]);
});

async function readWithDuckDb(bytes: Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'product-clusters-'));
  const instance = await DuckDBInstance.create();
  try {
    const path = join(folder, 'final_product_clusters.parquet');
    await writeFile(path, bytes);
    const connection = await instance.connect();
    return (await connection.runAndReadAll(`SELECT * FROM '${path}'`)).getRowObjectsJson();
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

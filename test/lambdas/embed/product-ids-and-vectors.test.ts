import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { encodeProductIdsAndVectors } from '../../../lambdas/embed/product-ids-and-vectors.ts';

test('each product stands beside its own vector', async () => {
  const bytes = encodeProductIdsAndVectors({
    productIds: ['B2', 'A1', 'C3'],
    dimensions: 2,
    vectors: Float32Array.of(0.5, 1, 2, 3, -4, 5),
    contextVectors: new Float32Array(6),
  });

  expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([
    { Product_ID: 'B2', Vectors: [0.5, 1] },
    { Product_ID: 'A1', Vectors: [2, 3] },
    { Product_ID: 'C3', Vectors: [-4, 5] },
  ]);
});

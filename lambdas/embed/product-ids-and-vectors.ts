import { writeParquet } from '../../engine/artifacts/parquet.ts';
import type { ProductVectors } from '../../engine/word2vec/product-vectors.ts';

/** The dataset `product_ids_and_vectors`: most viewed product first. */
export function encodeProductIdsAndVectors({ productIds, dimensions, vectors }: ProductVectors): Uint8Array {
  return writeParquet([
    { name: 'Product_ID', type: 'STRING', values: productIds },
    {
      name: 'Vectors',
      type: 'FLOAT_LIST',
      values: {
        length: productIds.length,
        at: (row) => vectors.subarray(row * dimensions, (row + 1) * dimensions),
      },
    },
  ]);
}

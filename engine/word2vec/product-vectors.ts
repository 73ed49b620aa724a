import { decodeContainer, encodeContainer, finiteSectionOf, sectionOf } from '../artifacts/binary-container.ts';
import { decodeStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { ArtifactError } from '../errors.ts';

/**
 * Word2Vec's result (`vectors.bin`). An id and its vectors stand at the same position, always: they are made, stored
 * and read together and never re-ordered apart.
 */
export interface ProductVectors {
  /** (productCount) most viewed first: a prefix of the corpus's products, those with at least `min_count` views. */
  productIds: string[];
  dimensions: number;
  /** (productCount, dimensions), row-major: the input vectors, gensim's `wv.vectors`. */
  vectors: Float32Array;
  /** (productCount, dimensions), row-major: the output vectors, gensim's `syn1neg`. */
  contextVectors: Float32Array;
}

const KIND = 'vectors';
const VERSION = 1;

export function encodeProductVectors(product: ProductVectors): Uint8Array {
  const ids = encodeStrings(product.productIds);
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: { dimensions: product.dimensions },
    sections: {
      productIds: ids.bytes,
      productIdOffsets: ids.offsets,
      vectors: product.vectors,
      contextVectors: product.contextVectors,
    },
  });
}

/** @throws ArtifactError when the file is torn, newer than this code, or contradicts itself. */
export function decodeProductVectors(file: Uint8Array): ProductVectors {
  const container = decodeContainer(file, KIND, VERSION);
  const products: ProductVectors = {
    productIds: decodeStrings(
      sectionOf(container, 'productIds', Uint8Array),
      sectionOf(container, 'productIdOffsets', Uint32Array),
    ),
    dimensions: container.meta['dimensions'] as number,
    vectors: finiteSectionOf(container, 'vectors', Float32Array),
    contextVectors: finiteSectionOf(container, 'contextVectors', Float32Array),
  };
  const expected = products.productIds.length * products.dimensions;
  if (products.vectors.length !== expected || products.contextVectors.length !== expected) {
    throw new ArtifactError(
      `The ${KIND} file contradicts itself (its vectors are not (${products.productIds.length}, ${products.dimensions})): train a new run.`,
    );
  }
  return products;
}

import type { ProductVectors } from '../word2vec/product-vectors.ts';
import type { AttributeField } from './attribute-fields.ts';
import { expectTraits, learnAttributeVectors } from './attribute-vectors.ts';

/**
 * Draws the vectors of rarely viewed products towards what their attributes lead to expect, as a mean of both:
 * (n · learned + pull · expected) / (n + pull) for a product of n views.
 *
 * @param fields of the corpus's products. @param viewCounts (productCount) of the corpus. @param pull in views; 0 changes nothing.
 */
export function drawRareProducts(
  products: ProductVectors,
  viewCounts: Uint32Array,
  fields: readonly AttributeField[],
  pull: number,
): ProductVectors {
  if (pull === 0 || fields.length === 0) return products;
  const { dimensions, vectors, contextVectors, productIds } = products;
  const logViews = Float32Array.from(viewCounts.subarray(0, productIds.length), Math.log1p);
  const traits = { dimensions, vectors, contextVectors, logViews };
  const learned = learnAttributeVectors(fields, traits, viewCounts);
  const expected = expectTraits(learned, fields, [...productIds.keys()]);
  const meanOf = (own: Float32Array, led: Float32Array) =>
    own.map((value, i) => {
      const views = viewCounts[Math.floor(i / dimensions)];
      return (views * value + pull * led[i]) / (views + pull);
    });
  return {
    ...products,
    vectors: meanOf(vectors, expected.vectors),
    contextVectors: meanOf(contextVectors, expected.contextVectors),
  };
}

import type { ProductTraits } from '../attributes/attribute-vectors.ts';
import type { ServingIndex } from './serving-index.ts';

/** The traits of the products that have a vector, as they were learned. */
export function knownTraits({
  dimensions,
  vectors,
  contextVectors,
  viewCounts,
  clusterOf,
}: Pick<ServingIndex, 'dimensions' | 'vectors' | 'contextVectors' | 'viewCounts' | 'clusterOf'>): ProductTraits {
  const logViews = Float32Array.from(viewCounts.subarray(0, clusterOf.length), Math.log1p);
  return { dimensions, vectors, contextVectors, logViews };
}

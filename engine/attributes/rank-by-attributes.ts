import type { Bitset } from '../numeric/bitset.ts';
import { TopK } from '../numeric/top-k.ts';
import type { AttributeField } from './attribute-fields.ts';
import type { AttributeWeights } from './attribute-model.ts';
import { type AttributeQuery, attributeFeatures, featureNames } from './attribute-scorer.ts';
import type { ProductTraits } from './attribute-vectors.ts';

/** Products whose likeness is looked at: more are first reduced to the best of these by vector and views. */
export const MOST_COMPARED = 2_000;

export interface AttributeCandidates {
  /** Row of the first candidate in the attribute fields; the others follow it. */
  firstRow: number;
  /** Of the candidates, in their order. */
  traits: ProductTraits;
}

/**
 * Ranks products by what is known of their attributes.
 *
 * @param admitted rows of the attribute fields that may be ranked; undefined: all. @returns at most `count` of them, best
 * first, equal scores by lower row.
 */
export function rankByAttributes(
  fields: readonly AttributeField[],
  weights: AttributeWeights,
  query: AttributeQuery,
  { firstRow, traits }: AttributeCandidates,
  count: number,
  admitted?: Pick<Bitset, 'has'>,
): { product: number; score: number }[] {
  const weightOf = featureNames(fields).map((name) => weights[name] ?? 0);
  const features = new Float64Array(weightOf.length);
  const candidateCount = traits.logViews.length;
  const ranked = new TopK(Math.min(count, candidateCount));
  const consider = (c: number, compared: readonly AttributeField[], into: TopK) => {
    const row = firstRow + c;
    if (row === query.newest || admitted?.has(row) === false) return;
    const candidate = { row, contextRow: c, contextVectors: traits.contextVectors, logViews: traits.logViews[c] };
    attributeFeatures(compared, query, candidate, features);
    let score = 0;
    for (let f = 0; f < 2 + compared.length; f++) score += weightOf[f] * features[f];
    into.offer(row, score);
  };
  if (candidateCount <= MOST_COMPARED) {
    for (let c = 0; c < candidateCount; c++) consider(c, fields, ranked);
  } else {
    const first = new TopK(MOST_COMPARED);
    for (let c = 0; c < candidateCount; c++) consider(c, [], first);
    for (const { product } of first.take()) consider(product - firstRow, fields, ranked);
  }
  return ranked.take();
}

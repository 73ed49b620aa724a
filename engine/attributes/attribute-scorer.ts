import { type AttributeField, likeness } from './attribute-fields.ts';
import type { AttributeWeights, QuestionWeights } from './attribute-model.ts';

/** Features that every shop has; each attribute field adds its likeness. */
const VECTOR_FEATURE = 'vector';
const VIEWS_FEATURE = 'views';

/** About what the e-shop file and a generated shop end at (`scripts/bench/new-products.ts`). */
const UNFITTED = { vector: 0.7, views: 0.5, product_type: 1.2, otherFields: 0.3 };

/** Where nothing could be fitted. */
export function unfittedWeights(fields: readonly AttributeField[]): QuestionWeights {
  const { vector, views, product_type, otherFields } = UNFITTED;
  const ofFields = fields.map(({ name }) => [name, name === 'product_type' ? product_type : otherFields]);
  const weights: AttributeWeights = {
    [VECTOR_FEATURE]: vector,
    [VIEWS_FEATURE]: views,
    ...Object.fromEntries(ofFields),
  };
  return { amongNew: weights, forNew: weights };
}

export function featureNames(fields: readonly AttributeField[]): string[] {
  return [VECTOR_FEATURE, VIEWS_FEATURE, ...fields.map(({ name }) => name)];
}

/** What a session looks for, as far as attributes can tell. */
export interface AttributeQuery {
  /** (dimensions) the session as Word2Vec's input */
  vector: ArrayLike<number>;
  /** Row of the newest viewed product in the attribute fields. */
  newest: number;
}

/**
 * How likely a candidate is the next view, as a sum of features: query × output vector, the logit that Word2Vec trains;
 * ln(1 + views), expected ones where there are none yet; and for each field the likeness of candidate and newest product.
 *
 * @param features (2 + fields) written, in the order of `featureNames`
 * @param contextVectors (…, dimensions) in which the candidate has row `contextRow`
 */
export function attributeFeatures(
  fields: readonly AttributeField[],
  { vector, newest }: AttributeQuery,
  candidate: { row: number; contextRow: number; contextVectors: Float32Array; logViews: number },
  features: Float64Array,
): void {
  let dot = 0;
  const from = candidate.contextRow * vector.length;
  for (let d = 0; d < vector.length; d++) dot += vector[d] * candidate.contextVectors[from + d];
  features[0] = dot;
  features[1] = candidate.logViews;
  for (let f = 0; f < fields.length; f++) features[2 + f] = likeness(fields[f], newest, candidate.row);
}

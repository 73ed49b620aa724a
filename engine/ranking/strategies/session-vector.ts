import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';

/** Each step back in the session counts this much less. */
const DECAY = 0.6;
/** 0.6^16 < 0.0003: older views cannot move the result. */
const LONGEST_MEMORY = 16;

/**
 * What a session looks for: Σ_k 0.6^k · v(k) / ‖v(k)‖, where v(k) is the input vector of the product viewed k steps
 * before the newest. Products without a vector, and zero vectors, are passed over but keep their step.
 * Of one product it is the product's own direction.
 *
 * @returns (dimensions), unit length; undefined when nothing viewed has a direction.
 */
export function sessionVector(index: ServingIndex, viewed: readonly number[]): Float64Array | undefined {
  const sum = decayedSum(index, viewed, (squares) => 1 / Math.sqrt(squares));
  const norm = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
  return norm === 0 ? undefined : sum.map((value) => value / norm);
}

/**
 * The session as Word2Vec's input: the mean of v(k) with the weights 0.6^k, lengths as trained.
 *
 * @returns (dimensions); undefined when nothing viewed has a vector other than zero.
 */
export function contextQuery(index: ServingIndex, viewed: readonly number[]): Float64Array | undefined {
  let weights = 0;
  const sum = decayedSum(index, viewed, (_, decay) => {
    weights += decay;
    return 1;
  });
  return weights === 0 ? undefined : sum.map((value) => value / weights);
}

function decayedSum(
  { dimensions, vectors, clusterOf }: ServingIndex,
  viewed: readonly number[],
  weightOf: (squares: number, decay: number) => number,
): Float64Array {
  const sum = new Float64Array(dimensions);
  const steps = Math.min(viewed.length, LONGEST_MEMORY);
  for (let k = 0; k < steps; k++) {
    const product = viewed[viewed.length - 1 - k];
    if (product >= clusterOf.length) continue;
    const row = product * dimensions;
    let squares = 0;
    for (let d = 0; d < dimensions; d++) squares += vectors[row + d] * vectors[row + d];
    if (squares === 0) continue;
    const decay = DECAY ** k;
    const weight = decay * weightOf(squares, decay);
    for (let d = 0; d < dimensions; d++) sum[d] += weight * vectors[row + d];
  }
  return sum;
}

/** @returns `candidate`'s cosine with a unit vector, −1…1; undefined for a zero vector. */
export function cosine(index: ServingIndex, unitVector: Float64Array, candidate: number): number | undefined {
  const norm = normOf(index, candidate);
  if (norm === 0) return undefined;
  return dotProduct(unitVector, index.vectors, candidate * index.dimensions) / norm;
}

/** Of the product's vector; of each it is taken once. @param product one that has a vector. */
export function normOf(index: ServingIndex, product: number): number {
  const { dimensions, vectors } = index;
  const norms = normsOf(index);
  if (Number.isNaN(norms[product])) norms[product] = norm(vectors, product * dimensions, dimensions);
  return norms[product];
}

/** @returns the logit that Word2Vec's negative sampling trains: query × output vector. */
export function inputOutput(index: ServingIndex, query: Float64Array, candidate: number): number {
  return dotProduct(query, index.contextVectors, candidate * index.dimensions);
}

/** (embeddedCount) lengths of vectors; NaN until one is asked for. */
const normsOf = perIndex(({ clusterOf }: ServingIndex) => new Float64Array(clusterOf.length).fill(Number.NaN));

function norm(rows: Float32Array, start: number, length: number): number {
  let squares = 0;
  for (let d = 0; d < length; d++) squares += rows[start + d] * rows[start + d];
  return Math.sqrt(squares);
}

/** In four sums that do not wait for each other. @param rows of the query's length each, one of which begins at `start`. */
function dotProduct(query: Float64Array, rows: Float32Array, start: number): number {
  const whole = query.length - (query.length % 4);
  let [a, b, c, e] = [0, 0, 0, 0];
  for (let d = 0; d < whole; d += 4) {
    a += query[d] * rows[start + d];
    b += query[d + 1] * rows[start + d + 1];
    c += query[d + 2] * rows[start + d + 2];
    e += query[d + 3] * rows[start + d + 3];
  }
  let sum = a + b + (c + e);
  for (let d = whole; d < query.length; d++) sum += query[d] * rows[start + d];
  return sum;
}

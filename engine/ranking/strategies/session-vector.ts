import type { ServingIndex } from '../../serving-index/serving-index.ts';

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
  const { dimensions, vectors } = index;
  const row = candidate * dimensions;
  let dot = 0;
  let squares = 0;
  for (let d = 0; d < dimensions; d++) {
    const value = vectors[row + d];
    dot += unitVector[d] * value;
    squares += value * value;
  }
  return squares === 0 ? undefined : dot / Math.sqrt(squares);
}

/** @returns the logit that Word2Vec's negative sampling trains: query × output vector. */
export function inputOutput(index: ServingIndex, query: Float64Array, candidate: number): number {
  const { dimensions, contextVectors } = index;
  const row = candidate * dimensions;
  let dot = 0;
  for (let d = 0; d < dimensions; d++) dot += query[d] * contextVectors[row + d];
  return dot;
}

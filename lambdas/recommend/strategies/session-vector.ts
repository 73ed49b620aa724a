import type { ServingIndex } from '../../shared/serving-index.ts';

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
  const { dimensions, vectors } = index;
  const sum = new Float64Array(dimensions);
  const steps = Math.min(viewed.length, LONGEST_MEMORY);
  for (let k = 0; k < steps; k++) {
    const product = viewed[viewed.length - 1 - k];
    if (product >= index.clusterOf.length) continue;
    const row = product * dimensions;
    let squares = 0;
    for (let d = 0; d < dimensions; d++) squares += vectors[row + d] * vectors[row + d];
    if (squares === 0) continue;
    const weight = DECAY ** k / Math.sqrt(squares);
    for (let d = 0; d < dimensions; d++) sum[d] += weight * vectors[row + d];
  }
  const norm = Math.hypot(...sum);
  return norm === 0 ? undefined : sum.map((value) => value / norm);
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

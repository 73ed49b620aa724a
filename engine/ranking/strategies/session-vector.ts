import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { pickedProductsWith } from '../dot-products.ts';
import { perIndex } from '../per-index.ts';
import { LONGEST_MEMORY } from '../scorer.ts';

/** Each step back in the session counts this much less. */
const DECAY = 0.6;
/** 0.6^16 < 0.0003: older views cannot move the result. */
const LONGEST_DECAY = 16;
const DECAYS = Float64Array.from({ length: LONGEST_DECAY }, (_, k) => DECAY ** k);

/**
 * What a session looks for: Σ_k 0.6^k · v(k) / ‖v(k)‖, where v(k) is the input vector of the product viewed k steps
 * before the newest. Products without a vector, and zero vectors, are passed over but keep their step.
 * Of one product it is the product's own direction.
 *
 * @returns (dimensions), unit length; undefined when nothing viewed has a direction.
 */
export function sessionVector(index: ServingIndex, viewed: readonly number[]): Float64Array | undefined {
  const { sum } = decayedSum(index, viewed, 'unit length');
  const length = norm(sum, 0, sum.length);
  if (length === 0) return undefined;
  for (let d = 0; d < sum.length; d++) sum[d] /= length;
  return sum;
}

/**
 * The session as Word2Vec's input: the mean of v(k) with the weights 0.6^k, lengths as trained.
 *
 * @returns (dimensions); undefined when nothing viewed has a vector other than zero.
 */
export function contextQuery(index: ServingIndex, viewed: readonly number[]): Float64Array | undefined {
  const { sum, weights } = decayedSum(index, viewed, 'as trained');
  if (weights === 0) return undefined;
  for (let d = 0; d < sum.length; d++) sum[d] /= weights;
  return sum;
}

function decayedSum(index: ServingIndex, viewed: readonly number[], lengths: 'unit length' | 'as trained') {
  const { dimensions, vectors, clusterOf } = index;
  const sum = new Float64Array(dimensions);
  let weights = 0;
  const steps = Math.min(viewed.length, LONGEST_DECAY);
  for (let k = 0; k < steps; k++) {
    const product = viewed[viewed.length - 1 - k];
    if (product >= clusterOf.length) continue;
    const length = normOf(index, product);
    if (length === 0) continue;
    weights += DECAYS[k];
    const weight = lengths === 'as trained' ? DECAYS[k] : DECAYS[k] * (1 / length);
    const row = product * dimensions;
    for (let d = 0; d < dimensions; d++) sum[d] += weight * vectors[row + d];
  }
  return { sum, weights };
}

/** @returns `candidate`'s cosine with a unit vector, −1…1; undefined for a zero vector. */
export function cosine(index: ServingIndex, unitVector: Float64Array, candidate: number): number | undefined {
  const norm = normOf(index, candidate);
  if (norm === 0) return undefined;
  return dotProduct(unitVector, index.vectors, candidate * index.dimensions) / norm;
}

/** Of the product's vector; of each it is taken once. @param product one that has a vector. */
export function normOf(index: ServingIndex, product: number): number {
  const norms = normsOf(index);
  const { dimensions, vectors } = index;
  if (Number.isNaN(norms[product])) norms[product] = norm(vectors, product * dimensions, dimensions);
  return norms[product];
}

/** @returns the logit that Word2Vec's negative sampling trains: query × output vector. */
export function inputOutput(index: ServingIndex, query: Float64Array, candidate: number): number {
  return dotProduct(query, index.contextVectors, candidate * index.dimensions);
}

/** What vectors say of some candidates; 0 of one without a vector. */
export interface Similarities {
  /** (count) `inputOutput` */
  logits: Float32Array;
  /** (count) `cosine` */
  cosines: Float32Array;
}

/**
 * `inputOutput` and `cosine` of many candidates, in float32.
 *
 * @param candidates the first `count` of these.
 * @returns valid until the next call for the same index; undefined when nothing viewed has a direction.
 */
export function similaritiesTo(
  index: ServingIndex,
  viewed: readonly number[],
  candidates: Uint32Array,
  count: number,
): Similarities | undefined {
  const context = contextQuery(index, viewed);
  const direction = sessionVector(index, viewed);
  if (context === undefined || direction === undefined) return undefined;
  const scratch = scratchOf(index);
  if (scratch.logits.length < count) {
    scratch.logits = new Float32Array(2 * count);
    scratch.cosines = new Float32Array(2 * count);
  }
  const { inputs, outputs, places, logits, cosines } = scratch;
  inputs.queries[0].set(direction);
  outputs.queries[0].set(context);
  logits.fill(0, 0, count);
  cosines.fill(0, 0, count);
  for (let from = 0; from < count; from += PICKED) {
    const picked = pick(index, candidates, from, Math.min(count, from + PICKED), inputs.rows, places);
    outputs.rows.set(inputs.rows.subarray(0, picked));
    outputs.multiply(picked, 1);
    inputs.multiply(picked, 1);
    inputs.measure(picked);
    const [ofOutputs] = outputs.products;
    const [ofInputs] = inputs.products;
    for (let n = 0; n < picked; n++) {
      const i = places[n];
      logits[i] = ofOutputs[n];
      if (inputs.lengths[n] !== 0) cosines[i] = ofInputs[n] / inputs.lengths[n];
    }
  }
  return { logits, cosines };
}

/** Those of candidates [from, to) that have a vector. @returns how many. */
function pick(
  { clusterOf }: ServingIndex,
  candidates: Uint32Array,
  from: number,
  to: number,
  rows: Uint32Array,
  places: Uint32Array,
): number {
  const embeddedCount = clusterOf.length;
  let picked = 0;
  for (let i = from; i < to; i++) {
    if (candidates[i] >= embeddedCount) continue;
    places[picked] = i;
    rows[picked++] = candidates[i];
  }
  return picked;
}

/**
 * Cosines of each of some products with many candidates, in float32.
 *
 * @param products at most `LONGEST_MEMORY`. @param candidates at most `PICKED`.
 * @returns (products, count) 0 of a candidate without a direction, valid until the next call for the same index; undefined of
 * a product without one.
 */
export function cosinesBetween(
  index: ServingIndex,
  products: readonly number[],
  candidates: Uint32Array,
  count: number,
): (Float32Array | undefined)[] {
  const { vectors, dimensions } = index;
  const { inputs, places, cosinesOfEach } = scratchOf(index);
  for (const [p, product] of products.entries()) {
    const length = hasDirection(index, product) ? normOf(index, product) : 1;
    const query = inputs.queries[p];
    for (let d = 0; d < dimensions; d++) query[d] = vectors[product * dimensions + d] / length;
    cosinesOfEach[p].fill(0, 0, count);
  }
  const picked = pick(index, candidates, 0, count, inputs.rows, places);
  inputs.multiply(picked, products.length);
  inputs.measure(picked);
  for (let n = 0; n < picked; n++) {
    const i = places[n];
    const length = inputs.lengths[n];
    if (length === 0) continue;
    for (let p = 0; p < products.length; p++) cosinesOfEach[p][i] = inputs.products[p][n] / length;
  }
  return products.map((product, p) => (hasDirection(index, product) ? cosinesOfEach[p] : undefined));
}

/** Of two products; 0 where one has no direction. */
export function cosineOf(index: ServingIndex, one: number, other: number): number {
  const { vectors, dimensions } = index;
  if (!hasDirection(index, one) || !hasDirection(index, other)) return 0;
  let product = 0;
  for (let d = 0; d < dimensions; d++) product += vectors[one * dimensions + d] * vectors[other * dimensions + d];
  return product / (normOf(index, one) * normOf(index, other));
}

function hasDirection(index: ServingIndex, product: number): boolean {
  return product < index.clusterOf.length && normOf(index, product) !== 0;
}

/** Rows that are multiplied in one go. */
const PICKED = 512;

const scratchOf = perIndex(({ vectors, contextVectors, dimensions }: ServingIndex) => ({
  inputs: pickedProductsWith(vectors, dimensions, PICKED, LONGEST_MEMORY),
  outputs: pickedProductsWith(contextVectors, dimensions, PICKED, 1),
  /** (PICKED) of those that have a vector */
  places: new Uint32Array(PICKED),
  logits: new Float32Array(PICKED),
  cosines: new Float32Array(PICKED),
  cosinesOfEach: Array.from({ length: LONGEST_MEMORY }, () => new Float32Array(PICKED)),
}));

/** (embeddedCount) lengths of vectors; NaN until one is asked for. */
const normsOf = perIndex(({ clusterOf }: ServingIndex) => new Float64Array(clusterOf.length).fill(Number.NaN));

function norm(rows: Float32Array | Float64Array, start: number, length: number): number {
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

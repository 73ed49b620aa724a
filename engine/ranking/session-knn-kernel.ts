import { BestOfMany } from '../numeric/best-of-many.ts';
import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import { inKernelSpace } from '../numeric/kernel-space.ts';
import type { PastSessions } from '../serving-index/past-sessions.ts';
import { KERNEL } from './session-knn-wasm.ts';

/** What is looked at at most. */
export interface SessionKnnLimits {
  /** Different products of the session that is asked about. */
  steps: number;
  /** Newest sessions of each. */
  sessions: number;
  /** Views of a session on either side of the match. */
  reach: number;
}

/** The kernel of session-kNN, over the views of past sessions where they lie. */
export interface SessionKnnKernel {
  /** (occurrences) each; those of a product are filled in before `find` is first asked about it. */
  occurrenceSessions: Uint32Array;
  occurrencePositions: Uint32Array;
  /** What the similarity of each one's session is multiplied by. */
  occurrenceFactors: Float64Array;
  /** (productCount) what the score of each product is multiplied by. */
  productFactors: Float64Array;
  /** (steps) what a session counts whose newest match is so many products back. */
  matchShares: Float64Array;
  /** (products scored) of the last `score` */
  products: Uint32Array;
  scores: Float64Array;
  /**
   * @param step so many different products back. @param from, to the product's occurrences.
   * @param weight what a session with it is more similar by.
   */
  find(step: number, from: number, to: number, weight: number): void;
  /**
   * Scores what the nearest of the sessions hold that were found since the last call.
   *
   * @param backwardShare what a product counts that a session viewed before the match. @returns how many products.
   */
  score(neighbours: number, backwardShare: number): number;
}

const WORD_BYTES = 4;
/** A score, its product and a stamp. */
const CELL_BYTES = 16;

/** @param productCount of the index. */
export function createSessionKnnKernel(
  { views, weights, offsets, occurrences, recency }: PastSessions,
  productCount: number,
  limits: SessionKnnLimits,
): SessionKnnKernel {
  const { memory, pointer: viewsPointer } = inKernelSpace(views);
  const mostFound = limits.steps * limits.sessions;
  const layout = new KernelLayout();
  const words = (count: number) => layout.reserve(count * WORD_BYTES);
  const doubles = (count: number) => layout.reserve(count * Float64Array.BYTES_PER_ELEMENT);
  const { pointers } = layout.placeIn(
    memory,
    {
      offsets: words(offsets.length),
      weights: words(weights?.length ?? 0),
      occurrenceSessions: words(occurrences.length),
      occurrencePositions: words(occurrences.length),
      occurrenceFactors: doubles(occurrences.length),
      places: layout.reserve(recency.length * Uint16Array.BYTES_PER_ELEMENT),
      foundSessions: words(mostFound),
      foundFactors: doubles(mostFound),
      foundSteps: words(mostFound),
      foundPositions: words(mostFound),
      matchShares: doubles(limits.steps),
      productPlaces: words(productCount),
      productFactors: doubles(productCount),
      cells: layout.reserve((productCount + 1) * CELL_BYTES),
      scoredProducts: words(productCount),
      scores: doubles(productCount),
    },
    'Session-kNN',
  );
  const nearest = new BestOfMany(mostFound, 1, memory);
  const { buffer } = memory;
  const integers = (from: number, length: number) => new Uint32Array(buffer, from, length);
  const numbers = (from: number, length: number) => new Float64Array(buffer, from, length);
  integers(pointers.offsets, offsets.length).set(offsets);
  if (weights !== undefined) new Float32Array(buffer, pointers.weights, weights.length).set(weights);
  compiled ??= compileKernel(KERNEL);
  const { find, settle, add } = instantiate(compiled, memory, {
    ...pointers,
    views: viewsPointer,
    weights: weights === undefined ? 0 : pointers.weights,
    similarities: nearest.pointers.scores,
    chosen: nearest.pointers.chosen,
    mostSessions: limits.sessions,
    reach: limits.reach,
  }) as unknown as Kernel;
  const foundSessions = integers(pointers.foundSessions, mostFound);
  return {
    occurrenceSessions: integers(pointers.occurrenceSessions, occurrences.length),
    occurrencePositions: integers(pointers.occurrencePositions, occurrences.length),
    occurrenceFactors: numbers(pointers.occurrenceFactors, occurrences.length),
    productFactors: numbers(pointers.productFactors, productCount),
    matchShares: numbers(pointers.matchShares, limits.steps),
    products: integers(pointers.scoredProducts, productCount),
    scores: numbers(pointers.scores, productCount),
    find,
    score: (neighbours, backwardShare) => add(nearest.choose(foundSessions, settle(), neighbours), backwardShare),
  };
}

/** The exports of `engine/kernels/session-knn.ts`. */
interface Kernel {
  find: SessionKnnKernel['find'];
  settle(): number;
  add(chosenCount: number, backwardShare: number): number;
}

let compiled: WebAssembly.Module | undefined;

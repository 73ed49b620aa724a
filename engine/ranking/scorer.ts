import type { Bitset } from '../numeric/bitset.ts';
import type { Random } from '../numeric/random.ts';
import type { ScoreBoard } from '../numeric/score-board.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { ScoreAdjustments } from './score-adjustments.ts';

/** What is asked of a scorer. */
export interface Query {
  /** Oldest first, known products only. */
  viewed: readonly number[];
  random: Random;
  /** Products that may be recommended; undefined: all. Scorers rank among these alone. */
  admitted?: Bitset | undefined;
  /**
   * So many of the best are enough, those with changed scores aside: a scorer that finds them sooner than all may leave out the
   * others. Undefined: all that it can say something about.
   */
  enough?: number | undefined;
  /** Of the scores, before the best are chosen. A scorer that chooses candidates chooses all whose scores are changed. */
  adjustments?: ScoreAdjustments | undefined;
}

/**
 * A strategy: adds the products it can say something about to an empty board, higher is better. Scores of different
 * scorers are not comparable. It leaves the board empty when it has nothing to say; `rank` then fills up with popular
 * products.
 */
export type Scorer = (index: ServingIndex, query: Query, board: ScoreBoard) => void;

/** Older products of a session add less than they cost. */
export const LONGEST_MEMORY = 10;

/** The last 10 different products of a session, newest first. */
export function newestDistinct(viewed: readonly number[]): number[] {
  const distinct: number[] = [];
  for (let i = viewed.length - 1; i >= 0 && distinct.length < LONGEST_MEMORY; i--) {
    if (!distinct.includes(viewed[i])) distinct.push(viewed[i]);
  }
  return distinct;
}

/** The least product from this one on that may be recommended; past the end, where there is none. */
export function nextAdmitted({ productIds }: ServingIndex, admitted: Bitset | undefined, product: number): number {
  if (admitted === undefined) return product;
  const next = admitted.next(product);
  return next === -1 ? productIds.length : next;
}

import type { Sessions } from '../clicks/corpus.ts';

/** One question of a backtest: after these views, what came next? */
export interface Position {
  session: number;
  /** Oldest first, never empty. */
  viewed: readonly number[];
  target: number;
}

/**
 * Every position of the sessions that has a view before it; where these are more than `limit`, those of whole sessions
 * spread evenly over time.
 */
export function* positionsOf({ offsets, views }: Sessions, limit: number): Generator<Position> {
  const sessionCount = offsets.length - 1;
  let total = 0;
  for (let session = 0; session < sessionCount; session++) {
    total += Math.max(0, offsets[session + 1] - offsets[session] - 1);
  }
  const share = Math.min(1, limit / total);
  for (let session = 0; session < sessionCount; session++) {
    if (Math.floor((session + 1) * share) === Math.floor(session * share)) continue;
    const products = [...views.subarray(offsets[session], offsets[session + 1])];
    for (let next = 1; next < products.length; next++) {
      yield { session, viewed: products.slice(0, next), target: products[next] };
    }
  }
}

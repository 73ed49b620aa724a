import type { Sessions } from '../clicks/corpus.ts';

/** One question of a backtest: after these views, what came next? */
export interface Position {
  session: number;
  /** Oldest first, never empty. */
  viewed: readonly number[];
  target: number;
}

/** One session, one voice: so many questions about it at most, in upper quartiles of the sessions' questions. */
const QUESTIONS = { quartiles: 3, least: 10 };

/**
 * Positions of the sessions that have a view before them: every one, but of a session much longer than most only some,
 * spread evenly. Where these are more than `limit`, those of whole sessions spread evenly over time.
 */
export function* positionsOf({ offsets, views }: Sessions, limit: number): Generator<Position> {
  const sessionCount = offsets.length - 1;
  const questions = Uint32Array.from({ length: sessionCount }, (_, session) =>
    Math.max(0, offsets[session + 1] - offsets[session] - 1),
  );
  const asked = questions.filter((count) => count > 0).sort();
  const quartile = asked[Math.ceil(0.75 * asked.length) - 1] ?? 0;
  const most = Math.max(QUESTIONS.least, QUESTIONS.quartiles * quartile);
  const total = questions.reduce((sum, count) => sum + Math.min(count, most), 0);
  const share = Math.min(1, limit / total);
  for (let session = 0; session < sessionCount; session++) {
    if (Math.floor((session + 1) * share) === Math.floor(session * share)) continue;
    const products = [...views.subarray(offsets[session], offsets[session + 1])];
    const count = Math.min(questions[session], most);
    for (let question = 0; question < count; question++) {
      const next = 1 + Math.floor((question * questions[session]) / count);
      yield { session, viewed: products.slice(0, next), target: products[next] };
    }
  }
}

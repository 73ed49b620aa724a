import type { AskedSessions } from './question.ts';

/** One question of a backtest: after these views, what came next, or what was bought? */
export interface Position {
  session: number;
  /** Oldest first, never empty. */
  viewed: readonly number[];
  target: number;
}

/** One session, one voice: so many questions about it at most, in upper quartiles of the sessions' questions. */
const QUESTIONS = { quartiles: 3, least: 10 };

/**
 * Positions of the sessions that are asked about and have a view before them: every one, but of a session much longer than
 * most only some, spread evenly. Where these are more than `limit`, those of whole sessions spread evenly over time.
 */
export function* positionsOf(sessions: AskedSessions, limit: number): Generator<Position> {
  const { offsets, views } = sessions;
  const sessionCount = offsets.length - 1;
  const questions = countQuestions(sessions);
  const asked = questions.filter((count) => count > 0).sort();
  const quartile = asked[Math.ceil(0.75 * asked.length) - 1] ?? 0;
  const most = Math.max(QUESTIONS.least, QUESTIONS.quartiles * quartile);
  const total = questions.reduce((sum, count) => sum + Math.min(count, most), 0);
  const share = Math.min(1, limit / total);
  for (let session = 0; session < sessionCount; session++) {
    if (Math.floor((session + 1) * share) === Math.floor(session * share)) continue;
    const products = [...views.subarray(offsets[session], offsets[session + 1])];
    const places = placesAskedIn(sessions, session);
    const count = Math.min(places.length, most);
    for (let question = 0; question < count; question++) {
      const next = places[Math.floor((question * places.length) / count)];
      yield { session, viewed: products.slice(0, next), target: products[next] };
    }
  }
}

/** (sessionCount) */
function countQuestions({ offsets, isAsked }: AskedSessions): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, session) => {
    const first = offsets[session] + 1;
    if (isAsked === undefined) return Math.max(0, offsets[session + 1] - first);
    let count = 0;
    for (let i = first; i < offsets[session + 1]; i++) count += isAsked[i];
    return count;
  });
}

/** Positions in the session, from 1. */
function placesAskedIn({ offsets, isAsked }: AskedSessions, session: number): number[] {
  const places: number[] = [];
  for (let i = offsets[session] + 1; i < offsets[session + 1]; i++) {
    if (isAsked === undefined || isAsked[i] === 1) places.push(i - offsets[session]);
  }
  return places;
}

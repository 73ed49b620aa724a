import { offsetsOf } from '../numeric/grouping.ts';
import type { AskedSessions } from './question.ts';

/** One question of a backtest: after these views, what came next, or what was bought? */
export interface Position {
  session: number;
  /** Oldest first, never empty. */
  viewed: readonly number[];
  target: number;
  /** Among all that could be asked, from 0. */
  number: number;
}

/** One session, one voice: so many questions about it at most, in upper quartiles of the sessions' questions. */
const QUESTIONS = { quartiles: 3, least: 10 };

/**
 * Positions of the sessions that are asked about and have a view before them: every one, but of a session much longer than
 * most only some, spread evenly. Where these are more than `limit`, those of whole sessions spread evenly over time.
 *
 * @param first session to ask about. @param end after the last one.
 */
export function* positionsOf(
  sessions: AskedSessions,
  limit: number,
  first = 0,
  end = sessions.offsets.length - 1,
): Generator<Position> {
  const { offsets, views } = sessions;
  const numbers = numberPositions(sessions);
  const share = limit / numbers[numbers.length - 1];
  for (let session = first; session < end; session++) {
    if (!isAmongSpread(session, share)) continue;
    const products = [...views.subarray(offsets[session], offsets[session + 1])];
    const places = placesAskedIn(sessions, session);
    const count = numbers[session + 1] - numbers[session];
    for (let question = 0; question < count; question++) {
      const next = places[Math.floor((question * places.length) / count)];
      yield { session, viewed: products.slice(0, next), target: products[next], number: numbers[session] + question };
    }
  }
}

/**
 * Which positions to learn from where these are more than `limit`: single ones, spread evenly. They are of more sessions than
 * as many of whole sessions, and say more.
 *
 * @param taken so many of the limit are chosen otherwise: it is the others that are spread.
 */
export function spreadOf(sessions: AskedSessions, limit: number, taken = 0): (position: Position) => boolean {
  const numbers = numberPositions(sessions);
  const share = Math.max(0, limit - taken) / (numbers[numbers.length - 1] - taken);
  return ({ number }) => isAmongSpread(number, share);
}

/** So many of them, spread evenly; all where there are no more. */
export function spread<T>(list: readonly T[], most: number): T[] {
  return list.filter((_, n) => isAmongSpread(n, most / list.length));
}

/** Whether `n` is one of that share of the numbers from 0 on, spread evenly. */
function isAmongSpread(n: number, share: number): boolean {
  return share >= 1 || Math.floor((n + 1) * share) !== Math.floor(n * share);
}

/** (sessionCount + 1) the number of each session's first position. */
function numberPositions(sessions: AskedSessions): Uint32Array {
  const questions = countQuestions(sessions);
  const asked = questions.filter((count) => count > 0).sort();
  const quartile = asked[Math.ceil(0.75 * asked.length) - 1] ?? 0;
  const most = Math.max(QUESTIONS.least, QUESTIONS.quartiles * quartile);
  return offsetsOf(questions.map((count) => Math.min(count, most)));
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

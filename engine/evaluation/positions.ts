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

/**
 * One session, one voice: so many questions about it at most, in upper quartiles of the sessions' questions, and ten in any case:
 * where most sessions have one or two, three or six would cut many an ordinary visit.
 */
const QUESTIONS = { quartiles: 3, least: 10 };

/**
 * Positions of the sessions that are asked about and have a view before them: every one, but of a session much longer than
 * most only some, spread evenly. Where these are more than `limit`, exactly so many: those of whole sessions spread evenly over
 * time, without a few single ones, spread evenly, where that would still be too many.
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
  const spreading = spreadSessions(numbers, limit);
  let sessionsBefore = 0;
  let positionsBefore = 0;
  for (let session = 0; session < end; session++) {
    const count = numbers[session + 1] - numbers[session];
    if (count === 0 || !isAmongSpread(sessionsBefore++, spreading.chosen, spreading.of)) continue;
    const before = positionsBefore;
    positionsBefore += count;
    if (session < first) continue;
    const products = [...views.subarray(offsets[session], offsets[session + 1])];
    const places = placesAskedIn(sessions, session);
    for (let question = 0; question < count; question++) {
      if (!isAmongSpread(before + question, limit, spreading.positions)) continue;
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
  const others = numbers[numbers.length - 1] - taken;
  return ({ number }) => isAmongSpread(number, Math.max(0, limit - taken), others);
}

/** So many of them, spread evenly; all where there are no more. */
export function spread<T>(list: readonly T[], most: number): T[] {
  const whole = Math.floor(most);
  return list.filter((_, n) => isAmongSpread(n, whole, list.length));
}

/**
 * Whether `n` is one of `most` of the numbers below `of`, spread evenly: whether ⌊(n + 1) · most / of⌋ is more than
 * ⌊n · most / of⌋. In whole numbers, since fractions of floating point would lose one now and then.
 */
function isAmongSpread(n: number, most: number, of: number): boolean {
  return most >= of || ((n + 1) * most) % of < most;
}

/** How many of the sessions that have positions are chosen, so that they have `limit` of them at least, and how many they have. */
function spreadSessions(numbers: Uint32Array, limit: number): { chosen: number; of: number; positions: number } {
  const counts: number[] = [];
  for (let session = 0; session + 1 < numbers.length; session++) {
    if (numbers[session + 1] > numbers[session]) counts.push(numbers[session + 1] - numbers[session]);
  }
  let enough = { chosen: counts.length, of: counts.length, positions: numbers[numbers.length - 1] };
  if (limit >= enough.positions) return enough;
  for (let tooFew = 0; enough.chosen - tooFew > 1; ) {
    const chosen = Math.floor((tooFew + enough.chosen) / 2);
    let positions = 0;
    counts.forEach((count, n) => {
      if (isAmongSpread(n, chosen, counts.length)) positions += count;
    });
    if (positions < limit) tooFew = chosen;
    else enough = { ...enough, chosen, positions };
  }
  return enough;
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

import { type Corpus, pickSessions } from '../clicks/corpus.ts';
import type { Question } from './question.ts';
import { type Split, splitAt } from './split.ts';

/** A tenth of fewer sessions is too few to choose and to measure on: all of them are asked about, in turn. */
const FEWEST_TO_HOLD_OUT = 1_000;
/** Fewer sessions of more views, the histories of some users, would take too long to go through in folds. */
const MOST_VIEWS = 100_000;

export const FOLDS = 5;

export function needsCrossValidation({ offsets }: Pick<Corpus, 'offsets'>): boolean {
  const sessionCount = offsets.length - 1;
  return sessionCount < FEWEST_TO_HOLD_OUT && offsets[sessionCount] <= MOST_VIEWS;
}

/**
 * Cross-validation over sessions: each fold asks about every fifth session and learns from the others. Folds reach over
 * the whole time, so a model may learn from sessions later than those it is asked about: a small shop has no sessions to
 * spare for the future.
 */
export function* foldsOf(corpus: Corpus, question?: Question): Generator<Split> {
  const sessions = corpus.sessionIds.map((_, session) => session);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isAsked = (session: number) => session % FOLDS === fold;
    const learned = sessions.filter((session) => !isAsked(session));
    yield splitAt(inOrder(corpus, [...learned, ...sessions.filter(isAsked)]), learned.length, question);
  }
}

function inOrder(corpus: Corpus, sessions: readonly number[]): Corpus {
  const { startTimesMs } = corpus;
  return {
    ...corpus,
    ...pickSessions(corpus, sessions),
    sessionIds: sessions.map((session) => corpus.sessionIds[session]),
    startTimesMs: startTimesMs && Float64Array.from(sessions, (session) => startTimesMs[session]),
  };
}

import * as z from 'zod';
import { type Corpus, collapseRepeats, pickSessions, type Sequences } from '../clicks/corpus.ts';
import { seededRandom } from '../numeric/random.ts';
import { rank } from '../ranking/rank.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import { spread } from './positions.ts';
import type { AskedSessions } from './question.ts';
import { LIST_LENGTH } from './tally.ts';

/**
 * `experiments/reference_sessions.json`: sessions that a run was measured on, and how it answered them. A later run is
 * asked about the same ones, since its own may be wrong in a way that it agrees with. Runs that were not measured, and
 * those of release 0.1.0, have none.
 */
export const referenceSessionsSchema = z.object({
  sessions: z.array(
    z.object({
      /** Oldest first, without immediate repeats, at most `LONGEST_SESSION`. */
      products: z.array(z.string()),
      /**
       * Of each question (see `questionsOf`): the answer's place in the list from 1, 0 when not in it, null for a product that
       * the model did not know or that was not asked about.
       */
      places: z.array(z.int().min(0).max(LIST_LENGTH).nullable()),
    }),
  ),
});
export type ReferenceSessions = z.infer<typeof referenceSessionsSchema>;
export type Places = ReferenceSessions['sessions'][number]['places'];

/** About 3,000 questions: an interval of ±.01 around the difference of two models' HR@20 on the e-shop file. */
const MOST_SESSIONS = 500;
const LONGEST_SESSION = 30;

/** Sessions whose product numbers stand for these ids. */
export type NamedSessions = Sequences & { readonly productIds: readonly string[] };

/** A session to ask about. */
export interface AskedSession {
  products: string[];
  /** Of each question (see `questionsOf`), whether it is asked. */
  isAsked: boolean[];
}

/** Sessions from `first` on: whole sessions spread evenly over time, those with a question only. */
export function sampleQuestions(
  { productIds, ...sessions }: NamedSessions & Pick<AskedSessions, 'isAsked'>,
  first: number,
  most = MOST_SESSIONS,
): AskedSession[] {
  const { offsets, views } = collapseRepeats(sessions);
  const asked: AskedSession[] = [];
  for (let session = first; session + 1 < offsets.length; session++) {
    const products = views.subarray(
      offsets[session],
      Math.min(offsets[session + 1], offsets[session] + LONGEST_SESSION),
    );
    const isAsked = questionsAsked(products, sessions, session);
    if (isAsked.includes(true))
      asked.push({ products: Array.from(products, (product) => productIds[product]), isAsked });
  }
  return spread(asked, most);
}

/** One a product of the session but the first: whether its first view is asked about. */
function questionsAsked(
  products: Uint32Array,
  { offsets, views, isAsked }: Pick<AskedSessions, 'offsets' | 'views' | 'isAsked'>,
  session: number,
): boolean[] {
  const others = [...new Set(products)].slice(1);
  if (isAsked === undefined) return others.map(() => true);
  const all = views.subarray(offsets[session], offsets[session + 1]);
  return others.map((product) => isAsked[offsets[session] + all.indexOf(product)] === 1);
}

/** The products of `sampleQuestions`. */
export function sampleSessions(sessions: NamedSessions, first: number, most?: number): string[][] {
  return sampleQuestions(sessions, first, most).map(({ products }) => products);
}

/** As served: every view of a product that the session has not viewed before asks what comes after those before it. */
export function* questionsOf(products: readonly string[]): Generator<{ viewed: string[]; target: string }> {
  for (let next = 1; next < products.length; next++) {
    const viewed = products.slice(0, next);
    if (!viewed.includes(products[next])) yield { viewed, target: products[next] };
  }
}

/** How a model answers the sessions' questions. */
export function answerSessions(
  index: ServingIndex,
  strategy: Strategy,
  sessions: readonly (readonly string[])[],
  seed: number,
): Places[] {
  const random = seededRandom(seed);
  return sessions.map((products) =>
    [...questionsOf(products)].map(({ viewed, target }) => {
      const number = index.numberOf.get(target);
      if (number === undefined) return null;
      const known = viewed.map((id) => index.numberOf.get(id)).filter((product) => product !== undefined);
      const list = rank(index, {
        viewed: known,
        count: LIST_LENGTH,
        strategy,
        excluded: NONE,
        excludeViewed: true,
        random,
      });
      return 1 + list.findIndex(({ product }) => product === number);
    }),
  );
}

const NONE: ReadonlySet<number> = new Set();

/**
 * Leaves sessions of the corpus before `end` out that are the same as one of these, one for one and the newest first, so
 * that a model that is trained on the rest has not seen the answers.
 *
 * @returns the rest with products numbered as before, and where `end` is now.
 */
export function withoutSessions(
  corpus: Corpus,
  end: number,
  leftOut: readonly (readonly string[])[],
): { corpus: Corpus; end: number } {
  const wanted = new Map<string, number>();
  for (const products of leftOut) {
    const key = products.join('\0');
    wanted.set(key, (wanted.get(key) ?? 0) + 1);
  }
  const keyOf = sessionKeys(corpus);
  const isLeftOut = new Uint8Array(corpus.sessionIds.length);
  for (let session = end - 1; session >= 0 && wanted.size > 0; session--) {
    const key = keyOf(session);
    const left = wanted.get(key);
    if (left === undefined) continue;
    isLeftOut[session] = 1;
    if (left === 1) wanted.delete(key);
    else wanted.set(key, left - 1);
  }
  const kept = [...isLeftOut.keys()].filter((session) => isLeftOut[session] === 0);
  const { startTimesMs } = corpus;
  return {
    corpus: {
      ...corpus,
      ...pickSessions(corpus, kept),
      sessionIds: kept.map((session) => corpus.sessionIds[session]),
      startTimesMs: startTimesMs && Float64Array.from(kept, (session) => startTimesMs[session]),
    },
    end: kept.filter((session) => session < end).length,
  };
}

/** What makes two sessions the same: their first products, whatever their numbers and immediate repeats. */
export function sessionKeys({ productIds, ...sessions }: NamedSessions): (session: number) => string {
  const { offsets, views } = collapseRepeats(sessions);
  return (session) =>
    Array.from(
      views.subarray(offsets[session], Math.min(offsets[session + 1], offsets[session] + LONGEST_SESSION)),
      (product) => productIds[product],
    ).join('\0');
}

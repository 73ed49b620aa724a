import * as z from 'zod';
import { seededRandom } from '../numeric/random.ts';
import { rankBy } from '../ranking/rank.ts';
import { sessionKnn } from '../ranking/strategies/session-knn.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import {
  DEFAULT_SESSION_KNN,
  type SessionKnnSettings,
  sessionKnnSettingsSchema,
} from '../serving-index/session-knn-settings.ts';
import { gainBeyondChance, type Tries } from './beyond-chance.ts';
import { discountedGain } from './metrics.ts';
import { type Position, positionsOf, spread, spreadOf } from './positions.ts';
import type { AskedSessions } from './question.ts';

/** In `evaluation.json`: what was chosen, and what it gained on the sessions that it was chosen by. */
export const fittedSessionKnnSchema = z.object({
  settings: sessionKnnSettingsSchema,
  /** NDCG@20 with the default settings. */
  before: z.number(),
  /** And with these. */
  after: z.number(),
});
export type FittedSessionKnn = z.infer<typeof fittedSessionKnnSchema>;

/** Values to try, in the order of the search: what moves most comes first. */
const VALUES: { [Name in keyof SessionKnnSettings]: readonly number[] } = {
  backwardShare: [0.25, 0.5],
  decay: [0.3, 0.7, 0.9],
  neighbours: [250],
  lengthExponent: [0, 0.5, 1],
  matchPenalty: [0, 0.4],
  viewedIdfExponent: [0.5, 1.5],
  candidateIdfExponent: [0.25, 0.75],
  recencyExponent: [0.5, 3],
};
const LIST_LENGTH = 20;
const MOST_QUESTIONS = 800;
/** With fewer the choice would be noise. */
const FEWEST_QUESTIONS = 200;
/** A value that gains nothing on so many of them is not asked the others. */
const FIRST_SHARE = 1 / 4;

/**
 * Fits session-kNN to the shop by coordinate search: one setting after the other takes the value with the highest NDCG@20
 * on the same questions, if that is better beyond chance: of a setting that makes no difference, one shop in twenty takes
 * another value. A value that is behind on the first of them is dropped: a race (Maron and Moore 1994). Serenade searches
 * its constants per shop, too (Kersbergen et al., SIGMOD 2022).
 *
 * @param later sessions that the index was not built of. @returns undefined with too few questions.
 */
export function fitSessionKnn(index: ServingIndex, later: AskedSessions): FittedSessionKnn | undefined {
  const asked: Position[] = [];
  const isAsked = spreadOf(later, MOST_QUESTIONS);
  for (const position of positionsOf(later, Number.POSITIVE_INFINITY)) if (isAsked(position)) asked.push(position);
  if (asked.length < FEWEST_QUESTIONS) return undefined;
  const first = new Set(spread(asked, FIRST_SHARE * asked.length));
  const questions = [...first, ...asked.filter((question) => !first.has(question))];
  const sessions = questions.map(({ session }) => session);
  let settings = DEFAULT_SESSION_KNN;
  let gains = gainsWith(index, settings, questions, first.size)!;
  const before = meanOf(gains);
  for (const name of Object.keys(VALUES) as (keyof SessionKnnSettings)[]) {
    const toBeat = meanOf(gains.subarray(0, first.size));
    let best: { settings: SessionKnnSettings; gains: Float64Array } | undefined;
    for (const value of VALUES[name]) {
      const candidate = { ...settings, [name]: value };
      const found = gainsWith(index, candidate, questions, first.size, toBeat);
      if (found === undefined || (best !== undefined && meanOf(found) <= meanOf(best.gains))) continue;
      best = { settings: candidate, gains: found };
    }
    if (best === undefined) continue;
    const differences = best.gains.map((gain, q) => gain - gains[q]);
    const tries = VALUES[name].length as Tries;
    if (gainBeyondChance(differences, sessions, tries) !== undefined) ({ settings, gains } = best);
  }
  return { settings, before, after: meanOf(gains) };
}

/** @returns the NDCG@20 of each question; undefined where the first ones do not have more than `toBeat` on average. */
function gainsWith(
  index: ServingIndex,
  settings: SessionKnnSettings,
  questions: readonly Position[],
  firstCount: number,
  toBeat = Number.NEGATIVE_INFINITY,
): Float64Array | undefined {
  const changed: ServingIndex = { ...index, sessionKnn: settings };
  const random = seededRandom(0);
  const gains = new Float64Array(questions.length);
  for (const [q, { viewed, target }] of questions.entries()) {
    if (q === firstCount && meanOf(gains.subarray(0, q)) <= toBeat) return undefined;
    const list = rankBy(changed, sessionKnn, { viewed, random, count: LIST_LENGTH, excluded: NONE });
    const place = list.findIndex(({ product, source }) => product === target && source === 'model');
    gains[q] = discountedGain(place === -1 ? undefined : place + 1, LIST_LENGTH);
  }
  return gains;
}

const NONE: ReadonlySet<number> = new Set();

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

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
import { gainBeyondChance } from './beyond-chance.ts';
import { discountedGain } from './metrics.ts';
import { type Position, positionsOf } from './positions.ts';
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

/**
 * Fits session-kNN to the shop by coordinate search: one setting after the other takes the value with the highest NDCG@20
 * on the same questions, if that is better beyond chance. Serenade searches its constants per shop, too (Kersbergen et al.,
 * SIGMOD 2022).
 *
 * @param later sessions that the index was not built of. @returns undefined with too few questions.
 */
export function fitSessionKnn(index: ServingIndex, later: AskedSessions): FittedSessionKnn | undefined {
  const questions = [...positionsOf(later, MOST_QUESTIONS)];
  if (questions.length < FEWEST_QUESTIONS) return undefined;
  let settings = DEFAULT_SESSION_KNN;
  let gains = gainsWith(index, settings, questions);
  const before = meanOf(gains);
  for (const name of Object.keys(VALUES) as (keyof SessionKnnSettings)[]) {
    const tried = VALUES[name].map((value) => {
      const candidate = { ...settings, [name]: value };
      return { settings: candidate, gains: gainsWith(index, candidate, questions) };
    });
    const best = tried.reduce((most, one) => (meanOf(one.gains) > meanOf(most.gains) ? one : most));
    const differences = best.gains.map((gain, q) => gain - gains[q]);
    if (gainBeyondChance(differences) !== undefined) ({ settings, gains } = best);
  }
  return { settings, before, after: meanOf(gains) };
}

function gainsWith(index: ServingIndex, settings: SessionKnnSettings, questions: readonly Position[]): Float64Array {
  const changed: ServingIndex = { ...index, sessionKnn: settings };
  const random = seededRandom(0);
  return Float64Array.from(questions, ({ viewed, target }) => {
    const list = rankBy(changed, sessionKnn, { viewed, random, count: LIST_LENGTH, excluded: NONE });
    const place = list.findIndex(({ product, source }) => product === target && source === 'model');
    return discountedGain(place === -1 ? undefined : place + 1, LIST_LENGTH);
  });
}

const NONE: ReadonlySet<number> = new Set();

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

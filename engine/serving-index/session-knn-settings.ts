import * as z from 'zod';

const MOST_NEIGHBOURS = 500;

/** The constants of session-kNN that shops differ in: see `engine/ranking/strategies/session-knn.ts` for the formula. */
export const sessionKnnSettingsSchema = z.strictObject({
  /** What a viewed product counts for each different product viewed after it. */
  decay: z.number().min(0).max(1),
  /** A session of n views is divided by n to this power. */
  lengthExponent: z.number().min(0).max(2),
  /** Taken off a session for each different product between the newest and the one that it shares. */
  matchPenalty: z.number().min(0).max(1),
  /** Power of the inverse frequency of a viewed product. */
  viewedIdfExponent: z.number().min(0).max(3),
  /** Power of the inverse frequency of a candidate. */
  candidateIdfExponent: z.number().min(0).max(3),
  /** Power of a session's recency 2^(−age / S). */
  recencyExponent: z.number().min(0).max(16),
  /** What a product counts that a session viewed before the shared one, beside one viewed after it. */
  backwardShare: z.number().min(0).max(1),
  /** So many past sessions count, the most similar ones. An index of an older release does not say: there it is the most. */
  neighbours: z.int().min(1).max(MOST_NEIGHBOURS).default(MOST_NEIGHBOURS),
});
export type SessionKnnSettings = z.infer<typeof sessionKnnSettingsSchema>;

/** Good on public clickstreams of large shops; what an index has that says nothing else. */
export const DEFAULT_SESSION_KNN: SessionKnnSettings = {
  decay: 0.5,
  lengthExponent: 0.25,
  matchPenalty: 0.1,
  viewedIdfExponent: 1,
  candidateIdfExponent: 0.5,
  recencyExponent: 1,
  backwardShare: 1,
  neighbours: MOST_NEIGHBOURS,
};

import { TopK } from '../../numeric/top-k.ts';
import type { PastSessions } from '../../serving-index/past-sessions.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { DEFAULT_SESSION_KNN } from '../../serving-index/session-knn-settings.ts';
import { perIndex } from '../per-index.ts';
import { LONGEST_MEMORY, newestDistinct, type Scorer } from '../scorer.ts';

const NEWEST_SESSIONS = 300;
const NEIGHBOURS = 500;
/** Views on either side of the match that are looked at: a crawler's session of thousands must not cost thousands. */
const REACH = 50;

/**
 * Vector multiplication indexed session-kNN, after VMIS-kNN (Kersbergen et al., SIGMOD 2022) and VS-kNN (Ludewig and
 * Jannach 2018), with idf, recency and length as found best on public clickstreams:
 *
 *     sim(s) = 2^(−r · age / S) / length(s)^l · Σ_x d^b · idf(x)^v      x in s, viewed b different products ago
 *     score(j) = idf(j)^c · Σ_s sim(s) · max(0, 1 − p · b') · side      s the 500 best that hold j, b' the smallest b
 *
 * The constants are the index's (`SessionKnnSettings`): r recencyExponent, l lengthExponent, d decay, v viewedIdfExponent, c
 * candidateIdfExponent, p matchPenalty. `side` is 1 for a product that s viewed after the one of b', and backwardShare before
 * it; where that is below 1, a product on both sides counts on both.
 *
 * Where events have weights, each term of score(j) is multiplied by that of the heaviest event that s has for j.
 * Only the 300 newest sessions of each viewed product take part.
 */
export const sessionKnn: Scorer = (index, { viewed }, board) => {
  const scratch = scratchOf(index);
  const { offsets, views, sessionOf, weights, occurrenceOffsets, occurrences, inverseFrequency } = index.pastSessions;
  const { similarity, matchStep, matchPosition, found, nearest, decays, matchShares } = scratch;
  const { backwardShare, viewedIdfExponent, candidateIdfExponent } = index.sessionKnn ?? DEFAULT_SESSION_KNN;
  const recent = newestDistinct(viewed);
  let foundCount = 0;
  for (let step = 0; step < recent.length; step++) {
    const product = recent[step];
    const weight = decays[step] * idfTo(viewedIdfExponent, inverseFrequency[product]);
    if (weight === 0) continue;
    const end = occurrenceOffsets[product + 1];
    let previous = -1;
    let sessions = 0;
    for (let o = occurrenceOffsets[product]; o < end; o++) {
      const position = occurrences[o];
      const session = sessionOf[position];
      if (session === previous) continue;
      if (sessions++ === NEWEST_SESSIONS) break;
      previous = session;
      if (similarity[session] === 0) {
        found[foundCount++] = session;
        matchStep[session] = step;
        matchPosition[session] = position;
      }
      similarity[session] += weight;
    }
  }
  offerSessions(index.pastSessions, scratch, foundCount);
  for (let n = 0; n < nearest.size; n++) {
    const session = nearest.productAt(n);
    const weight = nearest.scoreAt(n) * matchShares[matchStep[session]];
    if (weight === 0) continue;
    const from = Math.max(offsets[session], matchPosition[session] - REACH);
    const to = Math.min(offsets[session + 1], matchPosition[session] + REACH + 1);
    if (backwardShare === 1) board.addOnceEach(views, from, to, weight, weights);
    else {
      board.addOnceEach(views, matchPosition[session], to, weight, weights);
      board.addOnceEach(views, from, matchPosition[session], weight * backwardShare, weights);
    }
  }
  nearest.clear();
  const { candidateIdf } = scratch;
  const { products, values, size } = board;
  for (let i = 0; i < size; i++) {
    const product = products[i];
    if (Number.isNaN(candidateIdf[product])) {
      candidateIdf[product] = idfTo(candidateIdfExponent, inverseFrequency[product]);
    }
    values[product] *= candidateIdf[product];
  }
};

/** A product in every session, or in none, says nothing whatever the power. */
function idfTo(exponent: number, idf: number): number {
  return idf === 0 ? 0 : idf ** exponent;
}

function offerSessions(
  { offsets, recency }: PastSessions,
  { similarity, found, nearest, recencyPowers, recencyExponent, lengthPowers, lengthExponent }: Scratch,
  foundCount: number,
): void {
  for (let i = 0; i < foundCount; i++) {
    const session = found[i];
    const length = offsets[session + 1] - offsets[session];
    const divisor = length < lengthPowers.length ? lengthPowers[length] : length ** lengthExponent;
    if (Number.isNaN(recencyPowers[session])) recencyPowers[session] = recency[session] ** recencyExponent;
    nearest.offer(session, (similarity[session] * recencyPowers[session]) / divisor);
    similarity[session] = 0;
  }
}

function createScratch({ pastSessions, sessionKnn: settings = DEFAULT_SESSION_KNN }: ServingIndex) {
  const { recency, inverseFrequency } = pastSessions;
  const { decay, lengthExponent, matchPenalty, recencyExponent } = settings;
  const sessionCount = recency.length;
  return {
    /** (sessionCount) 0 outside of a query */
    similarity: new Float64Array(sessionCount),
    /** (sessionCount) */
    matchStep: new Uint8Array(sessionCount),
    matchPosition: new Uint32Array(sessionCount),
    found: new Uint32Array(sessionCount),
    nearest: new TopK(NEIGHBOURS),
    /** (products of a session that are looked at) */
    decays: Float64Array.from({ length: LONGEST_MEMORY }, (_, step) => decay ** step),
    matchShares: Float64Array.from({ length: LONGEST_MEMORY }, (_, step) => Math.max(0, 1 - matchPenalty * step)),
    // Powers are taken when they are first asked for: those of all would be half of a cold start's first answer.
    /** (productCount) NaN until then */
    candidateIdf: new Float64Array(inverseFrequency.length).fill(Number.NaN),
    /** (sessionCount) NaN until then */
    recencyPowers: recencyExponent === 1 ? recency : new Float32Array(sessionCount).fill(Number.NaN),
    recencyExponent,
    /** Of most lengths of sessions: a power takes as long as the rest of what is done for one. */
    lengthPowers: Float64Array.from({ length: 256 }, (_, length) => length ** lengthExponent),
    lengthExponent,
  };
}

type Scratch = ReturnType<typeof createScratch>;

const scratchOf = perIndex(createScratch);

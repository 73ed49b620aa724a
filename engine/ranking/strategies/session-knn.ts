import { BestOfMany } from '../../numeric/best-of-many.ts';
import type { PastSessions } from '../../serving-index/past-sessions.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { DEFAULT_SESSION_KNN } from '../../serving-index/session-knn-settings.ts';
import { perIndex } from '../per-index.ts';
import { LONGEST_MEMORY, newestDistinct, type Scorer } from '../scorer.ts';
import { sessionsOfProduct } from './sessions-of-product.ts';

const NEWEST_SESSIONS = 300;
/** Views on either side of the match that are looked at: a crawler's session of thousands must not cost thousands. */
const REACH = 50;

/**
 * Vector multiplication indexed session-kNN, after VMIS-kNN (Kersbergen et al., SIGMOD 2022) and VS-kNN (Ludewig and
 * Jannach 2018), with idf, recency and length as found best on public clickstreams:
 *
 *     sim(s) = 2^(−r · age / S) / length(s)^l · Σ_x d^b · idf(x)^v      x in s, viewed b different products ago
 *     score(j) = idf(j)^c · Σ_s sim(s) · max(0, 1 − p · b') · side      s of the n best of all sessions, those that hold j;
 *                                                                       b' the smallest b of s
 *
 * The constants are the index's (`SessionKnnSettings`): r recencyExponent, l lengthExponent, d decay, v viewedIdfExponent, c
 * candidateIdfExponent, p matchPenalty, n neighbours. `side` is 1 for a product that s viewed after the one of b', and
 * backwardShare before it; where that is below 1, a product on both sides counts on both.
 *
 * Where events have weights, each term of score(j) is multiplied by that of the heaviest event that s has for j.
 * Only the 300 newest sessions of each viewed product take part.
 */
export const sessionKnn: Scorer = (index, { viewed }, board) => {
  const scratch = scratchOf(index);
  const foundCount = findSessions(index, viewed, scratch);
  const chosenCount = chooseSessions(index.pastSessions, foundCount, scratch);
  const { offsets, views, weights, inverseFrequency } = index.pastSessions;
  const { sessions, matchStep, matchPosition, matchShares } = scratch;
  const { chosen } = scratch.nearest;
  const [similarity] = scratch.nearest.scores;
  const { backwardShare, candidateIdfExponent } = index.sessionKnn ?? DEFAULT_SESSION_KNN;
  for (let c = 0; c < chosenCount; c++) {
    const n = chosen[c];
    const session = sessions[n];
    const weight = similarity[n] * matchShares[matchStep[n]];
    if (weight === 0) continue;
    const from = Math.max(offsets[session], matchPosition[n] - REACH);
    const to = Math.min(offsets[session + 1], matchPosition[n] + REACH + 1);
    if (backwardShare === 1) board.addOnceEach(views, from, to, weight, weights);
    else {
      board.addOnceEach(views, matchPosition[n], to, weight, weights);
      board.addOnceEach(views, from, matchPosition[n], weight * backwardShare, weights);
    }
  }
  const { candidateIdf } = scratch;
  const { products, values, size } = board;
  for (let i = 0; i < size; i++) {
    const product = products[i];
    if (Number.isNaN(candidateIdf[product])) {
      candidateIdf[product] = idfTo(candidateIdfExponent, inverseFrequency[product]);
    }
    values[i] *= candidateIdf[product];
  }
};

/** Past sessions that hold a viewed product, with Σ_x of the formula as their similarity. @returns how many. */
function findSessions(
  index: ServingIndex,
  viewed: readonly number[],
  { places, sessions, nearest, matchStep, matchPosition, decays }: Scratch,
): number {
  const { pastSessions, sessionKnn: settings = DEFAULT_SESSION_KNN } = index;
  const { occurrenceOffsets, occurrences, inverseFrequency } = pastSessions;
  const [similarity] = nearest.scores;
  const recent = newestDistinct(viewed);
  let foundCount = 0;
  for (let step = 0; step < recent.length; step++) {
    const product = recent[step];
    const weight = decays[step] * idfTo(settings.viewedIdfExponent, inverseFrequency[product]);
    if (weight === 0) continue;
    const sessionsOfThis = sessionsOfProduct(index, product);
    const end = occurrenceOffsets[product + 1];
    let previous = -1;
    let visited = 0;
    for (let o = occurrenceOffsets[product]; o < end; o++) {
      const session = sessionsOfThis[o];
      if (session === previous) continue;
      if (visited++ === NEWEST_SESSIONS) break;
      previous = session;
      const place = places[session];
      if (place > 0) similarity[place - 1] += weight;
      else {
        sessions[foundCount] = session;
        similarity[foundCount] = weight;
        matchStep[foundCount] = step;
        matchPosition[foundCount] = occurrences[o];
        places[session] = ++foundCount;
      }
    }
  }
  return foundCount;
}

/** Takes the whole sim(s) of the sessions that were found. @returns how many of them are the nearest, which `nearest.chosen` then names. */
function chooseSessions(
  { offsets, recency }: PastSessions,
  foundCount: number,
  {
    places,
    sessions,
    nearest,
    recencyPowers,
    recencyExponent,
    lengthPowers,
    lengthExponent,
  }: Scratch,
): number {
  const [similarity] = nearest.scores;
  for (let n = 0; n < foundCount; n++) {
    const session = sessions[n];
    places[session] = 0;
    const length = offsets[session + 1] - offsets[session];
    const divisor = length < lengthPowers.length ? lengthPowers[length] : length ** lengthExponent;
    if (Number.isNaN(recencyPowers[session])) recencyPowers[session] = recency[session] ** recencyExponent;
    similarity[n] = (similarity[n] * recencyPowers[session]) / divisor;
  }
  return nearest.choose(sessions, foundCount);
}

/** A product in every session, or in none, says nothing whatever the power. */
function idfTo(exponent: number, idf: number): number {
  return idf === 0 ? 0 : idf ** exponent;
}

function createScratch({ pastSessions, sessionKnn: settings = DEFAULT_SESSION_KNN }: ServingIndex) {
  const { recency, inverseFrequency } = pastSessions;
  const { neighbours, decay, lengthExponent, matchPenalty, recencyExponent } = settings;
  const sessionCount = recency.length;
  const mostFound = LONGEST_MEMORY * NEWEST_SESSIONS;
  return {
    /** (sessionCount) where each session stands among those found, from 1; 0 outside of a query */
    places: new Uint16Array(sessionCount),
    /** (sessions that can be found) in the order they are found, side by side: those of all sessions lie all over memory. */
    sessions: new Uint32Array(mostFound),
    matchStep: new Uint8Array(mostFound),
    matchPosition: new Uint32Array(mostFound),
    /** By their similarity. */
    nearest: new BestOfMany(neighbours, mostFound),
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

import { TopK } from '../../numeric/top-k.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { newestDistinct, type Scorer } from '../scorer.ts';

const NEWEST_SESSIONS = 300;
const NEIGHBOURS = 500;
const DECAY = 0.5;
const LENGTH_EXPONENT = 0.25;
const MATCH_PENALTY = 0.1;
/** Views on either side of the match that are looked at: a crawler's session of thousands must not cost thousands. */
const REACH = 50;

/**
 * Vector multiplication indexed session-kNN, after VMIS-kNN (Kersbergen et al., SIGMOD 2022) and VS-kNN (Ludewig and
 * Jannach 2018), with idf, recency and length as found best on public clickstreams:
 *
 *     sim(s) = 2^(−age / S) / length(s)^0.25 · Σ_x 0.5^b · idf(x)    x in s, viewed b different products ago
 *     score(j) = √idf(j) · Σ_s sim(s) · max(0, 1 − 0.1 · b')          s the 500 best that hold j, b' the smallest b
 *
 * Where events have weights, each term of score(j) is multiplied by that of the heaviest event that s has for j.
 * Only the 300 newest sessions of each viewed product take part.
 */
export const sessionKnn: Scorer = (index, { viewed }, board) => {
  const { pastSessions: past } = index;
  const { similarity, matchStep, matchPosition, found, seenIn, nearest } = scratchOf(index);
  let foundCount = 0;
  newestDistinct(viewed).forEach((product, step) => {
    const weight = DECAY ** step * past.inverseFrequency[product];
    if (weight === 0) return;
    let previous = -1;
    let sessions = 0;
    for (let o = past.occurrenceOffsets[product]; o < past.occurrenceOffsets[product + 1]; o++) {
      const session = past.sessionOf[past.occurrences[o]];
      if (session === previous) continue;
      if (sessions++ === NEWEST_SESSIONS) break;
      previous = session;
      if (similarity[session] === 0) {
        found[foundCount++] = session;
        matchStep[session] = step;
        matchPosition[session] = past.occurrences[o];
      }
      similarity[session] += weight;
    }
  });
  for (let i = 0; i < foundCount; i++) {
    const session = found[i];
    const length = past.offsets[session + 1] - past.offsets[session];
    nearest.offer(session, (similarity[session] * past.recency[session]) / length ** LENGTH_EXPONENT);
    similarity[session] = 0;
  }
  nearest.drain((session, sim) => {
    const weight = sim * (1 - MATCH_PENALTY * matchStep[session]);
    const from = Math.max(past.offsets[session], matchPosition[session] - REACH);
    const to = Math.min(past.offsets[session + 1], matchPosition[session] + REACH + 1);
    for (let i = from; i < to; i++) {
      const product = past.views[i];
      if (seenIn[product] === session + 1 || !board.admits(product)) continue;
      seenIn[product] = session + 1;
      board.add(product, past.weights === undefined ? weight : weight * past.weights[i]);
    }
  });
  for (let i = 0; i < board.size; i++) {
    const product = board.products[i];
    seenIn[product] = 0;
    board.values[product] *= Math.sqrt(past.inverseFrequency[product]);
  }
};

function createScratch({ productIds, pastSessions }: ServingIndex) {
  const sessionCount = pastSessions.recency.length;
  return {
    /** (sessionCount) 0 outside of a query */
    similarity: new Float64Array(sessionCount),
    /** (sessionCount) */
    matchStep: new Uint8Array(sessionCount),
    matchPosition: new Uint32Array(sessionCount),
    found: new Uint32Array(sessionCount),
    /** (productCount) the session + 1 that added the product last; 0 outside of a query */
    seenIn: new Uint32Array(productIds.length),
    nearest: new TopK(NEIGHBOURS),
  };
}

const scratchOf = perIndex(createScratch);

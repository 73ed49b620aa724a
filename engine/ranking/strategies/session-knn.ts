import { TopK } from '../../numeric/top-k.ts';
import type { PastSessions } from '../../serving-index/past-sessions.ts';
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
  const scratch = scratchOf(index);
  const { offsets, views, sessionOf, weights, occurrenceOffsets, occurrences, inverseFrequency } = index.pastSessions;
  const { similarity, matchStep, matchPosition, found, nearest } = scratch;
  const recent = newestDistinct(viewed);
  let foundCount = 0;
  for (let step = 0; step < recent.length; step++) {
    const product = recent[step];
    const weight = DECAY ** step * inverseFrequency[product];
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
    const weight = nearest.scoreAt(n) * (1 - MATCH_PENALTY * matchStep[session]);
    const from = Math.max(offsets[session], matchPosition[session] - REACH);
    const to = Math.min(offsets[session + 1], matchPosition[session] + REACH + 1);
    board.addOnceEach(views, from, to, weight, weights);
  }
  nearest.clear();
  const { rootOfInverseFrequency } = scratch;
  const { products, values, size } = board;
  for (let i = 0; i < size; i++) values[products[i]] *= rootOfInverseFrequency[products[i]];
};

function offerSessions(
  { offsets, recency }: PastSessions,
  { similarity, found, nearest }: ReturnType<typeof createScratch>,
  foundCount: number,
): void {
  for (let i = 0; i < foundCount; i++) {
    const session = found[i];
    const length = offsets[session + 1] - offsets[session];
    const root = length < FOURTH_ROOTS.length ? FOURTH_ROOTS[length] : length ** LENGTH_EXPONENT;
    nearest.offer(session, (similarity[session] * recency[session]) / root);
    similarity[session] = 0;
  }
}

/** Of most lengths of sessions: a power takes as long as the rest of what is done for one. */
const FOURTH_ROOTS = Float64Array.from({ length: 256 }, (_, length) => length ** LENGTH_EXPONENT);

function createScratch({ pastSessions }: ServingIndex) {
  const sessionCount = pastSessions.recency.length;
  return {
    /** (sessionCount) 0 outside of a query */
    similarity: new Float64Array(sessionCount),
    /** (sessionCount) */
    matchStep: new Uint8Array(sessionCount),
    matchPosition: new Uint32Array(sessionCount),
    found: new Uint32Array(sessionCount),
    nearest: new TopK(NEIGHBOURS),
    /** (productCount) */
    rootOfInverseFrequency: Float64Array.from(pastSessions.inverseFrequency, Math.sqrt),
  };
}

const scratchOf = perIndex(createScratch);

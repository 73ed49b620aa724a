import type { PastSessions } from '../../serving-index/past-sessions.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { DEFAULT_SESSION_KNN, type SessionKnnSettings } from '../../serving-index/session-knn-settings.ts';
import { LONGEST_MEMORY, newestDistinct, type Scorer } from '../scorer.ts';
import { createSessionKnnKernel } from '../session-knn-kernel.ts';

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
  const search = searchOf(index);
  const { kernel, decays, settings } = search;
  const { occurrenceOffsets, inverseFrequency } = index.pastSessions;
  newestDistinct(viewed).forEach((product, step) => {
    const weight = decays[step] * idfTo(settings.viewedIdfExponent, inverseFrequency[product]);
    if (weight === 0) return;
    search.prepare(product);
    kernel.find(step, occurrenceOffsets[product], occurrenceOffsets[product + 1], weight);
  });
  const size = kernel.score(settings.neighbours, settings.backwardShare);
  const { products, scores } = kernel;
  for (let i = 0; i < size; i++) board.add(products[i], scores[i]);
};

/** A product in every session, or in none, says nothing whatever the power. */
function idfTo(exponent: number, idf: number): number {
  return idf === 0 ? 0 : idf ** exponent;
}

/**
 * What searches past sessions by some settings. Of occurrences, powers are taken when a product is first asked about: those of all
 * would be half of a cold start's first answer.
 */
class SessionSearch {
  readonly kernel: ReturnType<typeof createSessionKnnKernel>;
  /** (products of a session that are looked at) */
  readonly decays = new Float64Array(LONGEST_MEMORY);
  settings!: SessionKnnSettings;
  readonly #past: PastSessions;
  /** (productCount) 1 where the kernel knows the product's occurrences. */
  readonly #isPrepared: Uint8Array;

  constructor(past: PastSessions, productCount: number) {
    this.#past = past;
    this.#isPrepared = new Uint8Array(productCount);
    this.kernel = createSessionKnnKernel(past, productCount, {
      steps: LONGEST_MEMORY,
      sessions: NEWEST_SESSIONS,
      reach: REACH,
    });
  }

  use(settings: SessionKnnSettings): void {
    if (settings === this.settings) return;
    this.settings = settings;
    this.#isPrepared.fill(0);
    this.#past.inverseFrequency.forEach((idf, product) => {
      this.kernel.productFactors[product] = idfTo(settings.candidateIdfExponent, idf);
    });
    for (let step = 0; step < LONGEST_MEMORY; step++) {
      this.decays[step] = settings.decay ** step;
      this.kernel.matchShares[step] = Math.max(0, 1 - settings.matchPenalty * step);
    }
  }

  /** Puts side by side what is asked about a product's occurrences: it lies all over memory. */
  prepare(product: number): void {
    if (this.#isPrepared[product] === 1) return;
    this.#isPrepared[product] = 1;
    const { lengthExponent, recencyExponent } = this.settings;
    const { occurrenceOffsets, occurrences, sessionOf, offsets, recency } = this.#past;
    const { occurrenceSessions, occurrencePositions, occurrenceFactors } = this.kernel;
    for (let o = occurrenceOffsets[product]; o < occurrenceOffsets[product + 1]; o++) {
      const session = sessionOf[occurrences[o]];
      const length = offsets[session + 1] - offsets[session];
      occurrencePositions[o] = occurrences[o];
      occurrenceSessions[o] = session;
      occurrenceFactors[o] = recency[session] ** recencyExponent / length ** lengthExponent;
    }
  }
}

const searches = new WeakMap<PastSessions, SessionSearch>();

/** One for all indexes with the same past sessions, which differ in settings. */
function searchOf({ pastSessions, productIds, sessionKnn: settings = DEFAULT_SESSION_KNN }: ServingIndex) {
  let search = searches.get(pastSessions);
  if (search === undefined) {
    search = new SessionSearch(pastSessions, productIds.length);
    searches.set(pastSessions, search);
  }
  search.use(settings);
  return search;
}

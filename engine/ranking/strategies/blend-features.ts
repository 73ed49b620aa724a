import { BestOfMany } from '../../numeric/best-of-many.ts';
import type { Bitset } from '../../numeric/bitset.ts';
import { ScoreBoard } from '../../numeric/score-board.ts';
import { BLEND_FEATURES, BLEND_PART_NAMES, type BlendPart } from '../../serving-index/blend-weights.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { newestDistinct, nextAdmitted, type Query, type Scorer } from '../scorer.ts';
import { continuations } from './continuations.ts';
import { markov, sequentialRules, sessionRules } from './pair-rules.ts';
import { sessionKnn } from './session-knn.ts';
import { similaritiesTo } from './session-vector.ts';
import { twoStepRules } from './two-step-rules.ts';

/** The scorers that the blend mixes, each of which names candidates. */
export const BLEND_PARTS: Record<BlendPart, Scorer> = {
  markov,
  'sequential-rules': sequentialRules,
  'session-rules': sessionRules,
  'session-knn': sessionKnn,
  continuations,
  'two-step-rules': twoStepRules,
};

const PARTS = BLEND_PART_NAMES.map((name) => BLEND_PARTS[name]);
const FEATURE_COUNT = BLEND_FEATURES.length;

const CANDIDATES_PER_PART = 100;
const POPULAR_CANDIDATES = 50;
/** The smallest share told from none. */
const SHARE_FLOOR = 1e-4;

/** The candidates of one query and what the blend knows about each. Valid until the next query to the same index. */
export interface BlendCandidates {
  size: number;
  /** (size, …) */
  products: Uint32Array;
  /** (size, features), row-major; columns as in `BLEND_FEATURES`. */
  features: Float32Array;
  /** What each part scored: a column each, in the order of `BLEND_PART_NAMES`, 0 for nothing. */
  board: ScoreBoard;
}

/**
 * Candidates are the best 100 of each part and the 50 most viewed products; none where every part is silent. Products whose
 * scores are changed are candidates beside these, all that a part has scored and the 50 most viewed. For a part
 * with score s of a candidate: ln(share + 1e-4) − ln 1e-4, where share = s / Σ s over all that the part scored; and
 * s / max s.
 */
export function blendCandidates(index: ServingIndex, query: Query): BlendCandidates {
  const scratch = scratchOf(index);
  const { board, totals, candidates } = scratch;
  board.clear();
  board.admitted = query.admitted;
  candidates.clear();
  PARTS.forEach((scorer, part) => {
    board.select(part);
    scorer(index, query, board);
    totals[part] = scratch.best.total(part, board.size);
    addBest(part, query.adjustments?.touched, scratch);
  });
  if (candidates.size > 0) addPopular(index, query, board, candidates);

  const { size, places } = candidates;
  if (size > scratch.products.length) {
    scratch.products = new Uint32Array(2 * size);
    scratch.features = new Float32Array(2 * size * FEATURE_COUNT);
  }
  const { products, features } = scratch;
  for (let i = 0; i < size; i++) products[i] = board.products[places[i]];
  if (size === 0) return { size, products, features, board };
  features.fill(0, 0, size * FEATURE_COUNT);
  totals.forEach((total, part) => {
    addShares(board.columns[part], total, places, size, features, 2 * part);
  });
  addSimilarities(index, query, products, size, features, 2 * PARTS.length);
  addHabits(index, query, products, size, features, 2 * PARTS.length + 2);
  return { size, products, features, board };
}

/** Which products of a board are candidates. */
class Candidates {
  size = 0;
  /** (size) where each stands on the board. */
  readonly places: Uint32Array;
  /** (places) 1 for a candidate. */
  readonly #isListed: Uint8Array;

  /** @param most places of the board */
  constructor(most: number) {
    this.places = new Uint32Array(most);
    this.#isListed = new Uint8Array(most);
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.#isListed[this.places[i]] = 0;
    this.size = 0;
  }

  add(place: number): void {
    if (this.#isListed[place] === 1) return;
    this.#isListed[place] = 1;
    this.places[this.size++] = place;
  }
}

/** The most viewed of the products that are admitted, and of those whose scores are changed. */
function addPopular(
  index: ServingIndex,
  { admitted, adjustments }: Query,
  board: ScoreBoard,
  candidates: Candidates,
): void {
  const { productIds } = index;
  let product = nextAdmitted(index, admitted, 0);
  for (let left = POPULAR_CANDIDATES; left > 0 && product < productIds.length; left--) {
    candidates.add(board.placeOf(product));
    product = nextAdmitted(index, admitted, product + 1);
  }
  if (adjustments === undefined) return;
  const { touched } = adjustments;
  let changedLeft = POPULAR_CANDIDATES;
  for (let p = touched.next(0, admitted); isProduct(p) && changedLeft > 0; p = touched.next(p + 1, admitted)) {
    candidates.add(board.placeOf(p));
    changedLeft--;
  }

  /** A set may hold products that only the catalogue knows, after the model's. */
  function isProduct(p: number): boolean {
    return p !== -1 && p < productIds.length;
  }
}

/** Makes the best of a part candidates, and all that it scored of those whose scores are changed. */
function addBest(part: number, changed: Bitset | undefined, { best, board, candidates }: Scratch): void {
  const { products, size } = board;
  let list = part;
  if (changed !== undefined) {
    list = UNCHANGED;
    best.scores[UNCHANGED].set(best.scores[part].subarray(0, size));
    for (let place = 0; place < size; place++) {
      if (best.scores[part][place] === 0 || !changed.has(products[place])) continue;
      candidates.add(place);
      best.scores[UNCHANGED][place] = 0;
    }
  }
  const chosenCount = best.choose(products, size, CANDIDATES_PER_PART, list);
  for (let n = 0; n < chosenCount; n++) candidates.add(best.chosen[n]);
}

/** The list of scores that holds those of a part but for the changed ones. */
const UNCHANGED = PARTS.length;

/** Of all that a part has scored. */
interface Totals {
  sum: number;
  highest: number;
}

function addShares(
  scores: Float64Array,
  { sum, highest }: Totals,
  places: Uint32Array,
  size: number,
  features: Float32Array,
  column: number,
) {
  if (sum === 0) return;
  for (let i = 0; i < size; i++) {
    const score = scores[places[i]];
    if (score === 0) continue;
    features[i * FEATURE_COUNT + column] = logShare(score, sum);
    features[i * FEATURE_COUNT + column + 1] = score / highest;
  }
}

/** ln(share + floor) − ln floor: 0 for no share. */
export function logShare(score: number, sum: number): number {
  return Math.log1p(score / (sum * SHARE_FLOOR));
}

function addSimilarities(
  index: ServingIndex,
  { viewed }: Query,
  products: Uint32Array,
  size: number,
  features: Float32Array,
  column: number,
) {
  const similarities = similaritiesTo(index, viewed, products, size);
  if (similarities === undefined) return;
  const { logits, cosines } = similarities;
  for (let i = 0; i < size; i++) {
    features[i * FEATURE_COUNT + column] = logits[i];
    features[i * FEATURE_COUNT + column + 1] = cosines[i];
  }
}

/** Do shoppers of this shop come back to what they saw, and to what others see now? */
function addHabits(
  index: ServingIndex,
  { viewed }: Query,
  products: Uint32Array,
  size: number,
  features: Float32Array,
  column: number,
) {
  const { views, recentViews } = logarithmsOf(index);
  const row = column + 4;
  for (let i = 0; i < size; i++) {
    const product = products[i];
    if (Number.isNaN(views[product])) {
      views[product] = Math.log1p(index.viewCounts[product]);
      recentViews[product] = Math.log1p(index.recentViews[product]);
    }
    features[i * FEATURE_COUNT + row] = views[product];
    features[i * FEATURE_COUNT + row + 1] = recentViews[product];
  }
  const [newest, previous] = newestDistinct(viewed);
  const timesViewed = new Map<number, number>();
  for (const product of viewed) timesViewed.set(product, (timesViewed.get(product) ?? 0) + 1);
  for (const [product, times] of timesViewed) {
    const i = products.subarray(0, size).indexOf(product);
    if (i === -1) continue;
    features[i * FEATURE_COUNT + column + (product === newest ? 0 : product === previous ? 1 : 2)] = 1;
    features[i * FEATURE_COUNT + column + 3] = Math.log1p(times);
  }
}

/** (productCount) each; NaN until a product is first asked for. */
const logarithmsOf = perIndex(({ productIds }: ServingIndex) => ({
  views: new Float32Array(productIds.length).fill(Number.NaN),
  recentViews: new Float32Array(productIds.length),
}));

function createScratch({ productIds }: ServingIndex) {
  const most = PARTS.length * CANDIDATES_PER_PART + POPULAR_CANDIDATES;
  const places = productIds.length + 1;
  const best = new BestOfMany(places, PARTS.length + 1);
  return {
    /** A list of scores for each part, and that of `UNCHANGED`. */
    best,
    /** A column for each part. */
    board: new ScoreBoard(productIds.length, best.scores.slice(0, PARTS.length)),
    totals: PARTS.map((): Totals => ({ sum: 0, highest: 0 })),
    candidates: new Candidates(places),
    products: new Uint32Array(most),
    features: new Float32Array(most * FEATURE_COUNT),
  };
}

type Scratch = ReturnType<typeof createScratch>;

const scratchOf = perIndex(createScratch);

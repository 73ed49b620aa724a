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
  /** What each part scored, in the order of `BLEND_PART_NAMES`. */
  boards: readonly ScoreBoard[];
}

/**
 * Candidates are the best 100 of each part and the 50 most viewed products; none where every part is silent. Products whose
 * scores are changed are candidates beside these, all that a part has scored and the 50 most viewed. For a part
 * with score s of a candidate: ln(share + 1e-4) − ln 1e-4, where share = s / Σ s over all that the part scored; and
 * s / max s.
 */
export function blendCandidates(index: ServingIndex, query: Query): BlendCandidates {
  const scratch = scratchOf(index);
  const { boards, totals, candidates } = scratch;
  const changed = query.adjustments?.touched;
  candidates.clear();
  PARTS.forEach((scorer, part) => {
    const board = boards[part];
    board.clear();
    board.admitted = query.admitted;
    scorer(index, query, board);
    totals[part] = addBest(board, changed, scratch);
  });
  if (candidates.size === 0) return { size: 0, products: candidates.products, features: scratch.features, boards };
  addPopular(index, query, candidates);

  const { size, products } = candidates;
  if (size * FEATURE_COUNT > scratch.features.length) scratch.features = new Float32Array(2 * size * FEATURE_COUNT);
  const { features } = scratch;
  features.fill(0, 0, size * FEATURE_COUNT);
  boards.forEach((board, part) => {
    addShares(board, totals[part], products, size, features, 2 * part);
  });
  addSimilarities(index, query, products, size, features, 2 * PARTS.length);
  addHabits(index, query, candidates, features, 2 * PARTS.length + 2);
  return { size, products, features, boards };
}

/** The most viewed of the products that are admitted, and of those whose scores are changed. */
function addPopular(index: ServingIndex, { admitted, adjustments }: Query, candidates: ScoreBoard): void {
  const { productIds } = index;
  let product = nextAdmitted(index, admitted, 0);
  for (let left = POPULAR_CANDIDATES; left > 0 && product < productIds.length; left--) {
    candidates.add(product, 0);
    product = nextAdmitted(index, admitted, product + 1);
  }
  if (adjustments === undefined) return;
  const { touched } = adjustments;
  let changedLeft = POPULAR_CANDIDATES;
  for (let p = touched.next(0, admitted); isProduct(p) && changedLeft > 0; p = touched.next(p + 1, admitted)) {
    candidates.add(p, 0);
    changedLeft--;
  }

  /** A set may hold products that only the catalogue knows, after the model's. */
  function isProduct(p: number): boolean {
    return p !== -1 && p < productIds.length;
  }
}

/** Of all that a part has scored. */
interface Totals {
  sum: number;
  max: number;
}

/** Makes the best of a part candidates. */
function addBest({ products, values, size }: ScoreBoard, changed: Bitset | undefined, scratch: Scratch): Totals {
  const { best, candidates, listed } = scratch;
  const { scores, chosen } = best;
  let count = 0;
  let sum = 0;
  let max = 0;
  for (let i = 0; i < size; i++) {
    const product = products[i];
    const score = values[product];
    sum += score;
    if (score > max) max = score;
    if (changed?.has(product) === true) candidates.add(product, 0);
    else {
      listed[count] = product;
      scores[count++] = score;
    }
  }
  const chosenCount = best.choose(listed, count);
  for (let n = 0; n < chosenCount; n++) candidates.add(listed[chosen[n]], 0);
  return { sum, max };
}

function addShares(
  board: ScoreBoard,
  { sum, max }: Totals,
  products: Uint32Array,
  size: number,
  features: Float32Array,
  column: number,
) {
  if (sum === 0) return;
  for (let i = 0; i < size; i++) {
    const score = board.scoreOf(products[i]);
    if (score === 0) continue;
    features[i * FEATURE_COUNT + column] = logShare(score, sum);
    features[i * FEATURE_COUNT + column + 1] = score / max;
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

/**
 * Do shoppers of this shop come back to what they saw, and to what others see now?
 *
 * @param candidates whose values become their places.
 */
function addHabits(
  index: ServingIndex,
  { viewed }: Query,
  candidates: ScoreBoard,
  features: Float32Array,
  column: number,
) {
  const { views, recentViews } = logarithmsOf(index);
  const { size, products, values } = candidates;
  const row = column + 4;
  for (let i = 0; i < size; i++) {
    const product = products[i];
    values[product] = i;
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
    const place = candidates.scoreOf(product);
    if (products[place] !== product) continue;
    features[place * FEATURE_COUNT + column + (product === newest ? 0 : product === previous ? 1 : 2)] = 1;
    features[place * FEATURE_COUNT + column + 3] = Math.log1p(times);
  }
}

/** (productCount) each; NaN until a product is first asked for. */
const logarithmsOf = perIndex(({ productIds }: ServingIndex) => ({
  views: new Float32Array(productIds.length).fill(Number.NaN),
  recentViews: new Float32Array(productIds.length),
}));

function createScratch({ productIds }: ServingIndex) {
  return {
    boards: PARTS.map(() => new ScoreBoard(productIds.length)),
    totals: PARTS.map((): Totals => ({ sum: 0, max: 0 })),
    best: new BestOfMany(CANDIDATES_PER_PART, productIds.length),
    /** (productCount) of one part, those that `best` chooses from. */
    listed: new Uint32Array(productIds.length),
    candidates: new ScoreBoard(productIds.length),
    features: new Float32Array((PARTS.length * CANDIDATES_PER_PART + POPULAR_CANDIDATES) * FEATURE_COUNT),
  };
}

type Scratch = ReturnType<typeof createScratch>;

const scratchOf = perIndex(createScratch);

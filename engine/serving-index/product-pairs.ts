import type { Sessions } from '../clicks/corpus.ts';
import { weightsInSession } from '../clicks/event-weights.ts';
import { heardViews } from '../clicks/heard-views.ts';
import { groupItems } from '../numeric/grouping.ts';
import { ScoreBoard } from '../numeric/score-board.ts';
import { TopK } from '../numeric/top-k.ts';

/**
 * What was viewed with and after each product: one sparse row a product with several statistics a pair, so that all
 * scorers of pairs read the same rows. Only views that are heard (`heardViews`) make pairs, so that one session adds a
 * bounded weight to each. Where events have weights, a view of j counts as much as the heaviest event that its session has
 * for j, in all statistics but `together`, which counts sessions.
 */
export interface ProductPairs {
  /** (productCount + 1) product a has the pairs [offsets[a], offsets[a + 1]). */
  readonly offsets: Uint32Array;
  /** (pairCount) the other product j, ascending inside a row */
  readonly products: Uint32Array;
  /** (pairCount) how often j was viewed right after a: first-order Markov counts. */
  readonly next: Float32Array;
  /** (pairCount) Σ 1/d over views of j that came d ≤ 10 steps after a: sequential rules, Kamehkhosh et al. 2017. */
  readonly following: Float32Array;
  /** (pairCount) sessions of up to 1,000 views that hold both; 0 for a product with itself. */
  readonly together: Float32Array;
  /**
   * (pairCount) T(a, j) / ((Σ_j T(a, j) + 3)^0.5 · (views of j + 1)^0.2), where T(a, j) = Σ w · 2^(−age / S) / d over
   * views of j at distance d ≤ 10 from a, w = 1 after a and 0.5 before it, age in sessions of the S.
   */
  readonly nearby: Float32Array;
}

const STATISTICS = ['next', 'following', 'together', 'nearby'] as const;
const LONGEST_DISTANCE = 10;
/** A crawler's session pairs everything with everything, at a cost that grows with the square of its views. */
const LONGEST_SESSION = 1_000;
const BACKWARD_WEIGHT = 0.5;

/** @returns where the pair (from, to) stands; undefined where there is none. */
export function pairAt(
  { offsets, products }: Pick<ProductPairs, 'offsets' | 'products'>,
  from: number,
  to: number,
): number | undefined {
  let low = offsets[from];
  let high = offsets[from + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (products[middle] < to) low = middle + 1;
    else high = middle;
  }
  return low < offsets[from + 1] && products[low] === to ? low : undefined;
}

/** @param rowLimit pairs kept a product: the best by `nearby`, equal ones by lower product number. */
export function countProductPairs(sessions: Sessions, productCount: number, rowLimit: number): ProductPairs {
  const isHeard = heardViews(sessions, productCount);
  const weights = sessions.weights && weightsInSession({ ...sessions, weights: sessions.weights });
  const { positionsOf, viewsOf } = positionsByProduct(sessions.views, isHeard, weights, productCount);
  const sessionOf = sessionOfEachView(sessions);
  const boards = {
    next: new ScoreBoard(productCount),
    following: new ScoreBoard(productCount),
    together: new ScoreBoard(productCount),
    nearby: new ScoreBoard(productCount),
  };
  const countedAt = new Uint32Array(productCount);
  let sessionVisits = 0;
  const mostInRow = Math.min(rowLimit, productCount);
  const best = new TopK(mostInRow);
  const row = new Uint32Array(mostInRow);
  // Rows are rarely full: pages that no pair is written to take no memory.
  const mostPairs = productCount * mostInRow;
  const offsets = new Uint32Array(productCount + 1);
  const products = new Uint32Array(mostPairs);
  const statistics = {
    next: new Float32Array(mostPairs),
    following: new Float32Array(mostPairs),
    together: new Float32Array(mostPairs),
    nearby: new Float32Array(mostPairs),
  };
  let end = 0;

  for (let product = 0; product < productCount; product++) {
    let previousSession = -1;
    for (const position of positionsOf(product)) {
      const session = sessionOf[position];
      addDirected(sessions, session, position, isHeard, weights, boards);
      if (session !== previousSession) addTogether(sessions, session, product, countedAt, ++sessionVisits, boards);
      previousSession = session;
    }
    normalise(boards.nearby, viewsOf);
    for (let i = 0; i < boards.nearby.size; i++) {
      best.offer(boards.nearby.products[i], boards.nearby.values[i]);
    }
    let kept = 0;
    for (let i = 0; i < best.size; i++) row[kept++] = best.productAt(i);
    best.clear();
    products.set(row.subarray(0, kept).sort(), end);
    for (const name of STATISTICS) {
      for (let i = 0; i < kept; i++) statistics[name][end + i] = boards[name].scoreOf(row[i]);
      boards[name].clear();
    }
    end += kept;
    offsets[product + 1] = end;
  }
  return {
    offsets,
    products: products.subarray(0, end),
    next: statistics.next.subarray(0, end),
    following: statistics.following.subarray(0, end),
    together: statistics.together.subarray(0, end),
    nearby: statistics.nearby.subarray(0, end),
  };
}

type Boards = Record<(typeof STATISTICS)[number], ScoreBoard>;

/** What stands around one view of a product, with its distance and direction. */
function addDirected(
  { offsets, views }: Sessions,
  session: number,
  position: number,
  isHeard: Uint8Array,
  weights: Float32Array | undefined,
  boards: Boards,
): void {
  const sessionCount = offsets.length - 1;
  const end = offsets[session + 1];
  const recency = 2 ** (-(sessionCount - 1 - session) / sessionCount);
  for (let i = Math.max(offsets[session], position - LONGEST_DISTANCE); i < position; i++) {
    if (isHeard[i] === 0) continue;
    const weight = weights === undefined ? 1 : weights[i];
    boards.nearby.add(views[i], (weight * recency * BACKWARD_WEIGHT) / (position - i));
  }
  for (let i = position + 1; i < Math.min(end, position + LONGEST_DISTANCE + 1); i++) {
    if (isHeard[i] === 0) continue;
    const weight = weights === undefined ? 1 : weights[i];
    boards.nearby.add(views[i], (weight * recency) / (i - position));
    boards.following.add(views[i], weight / (i - position));
  }
  if (position + 1 < end && isHeard[position + 1] === 1) {
    boards.next.add(views[position + 1], weights === undefined ? 1 : weights[position + 1]);
  }
}

/** @param countedAt (productCount) the visit that counted each product last, so that each counts once a visit. */
function addTogether(
  { offsets, views }: Sessions,
  session: number,
  product: number,
  countedAt: Uint32Array,
  visit: number,
  { together, nearby }: Boards,
): void {
  if (offsets[session + 1] - offsets[session] > LONGEST_SESSION) return;
  for (let i = offsets[session]; i < offsets[session + 1]; i++) {
    const other = views[i];
    if (other === product || countedAt[other] === visit) continue;
    countedAt[other] = visit;
    together.add(other, 1);
    nearby.add(other, 0);
  }
}

function normalise(nearby: ScoreBoard, viewsOf: (product: number) => number): void {
  let rowSum = 0;
  for (let i = 0; i < nearby.size; i++) rowSum += nearby.values[i];
  for (let i = 0; i < nearby.size; i++) {
    nearby.values[i] /= (rowSum + 3) ** 0.5 * (viewsOf(nearby.products[i]) + 1) ** 0.2;
  }
}

/** Where each product was viewed and is heard, oldest first, and how much that counts together. */
function positionsByProduct(
  views: Uint32Array,
  isHeard: Uint8Array,
  weights: Float32Array | undefined,
  productCount: number,
) {
  const { offsets, items } = groupItems(
    views.map((product, position) => (isHeard[position] === 1 ? product : productCount)),
    productCount + 1,
  );
  const positionsOf = (product: number) => items.subarray(offsets[product], offsets[product + 1]);
  if (weights === undefined) {
    return { positionsOf, viewsOf: (product: number) => offsets[product + 1] - offsets[product] };
  }
  const sums = new Float64Array(productCount);
  views.forEach((product, position) => {
    sums[product] += isHeard[position] * weights[position];
  });
  return { positionsOf, viewsOf: (product: number) => sums[product] };
}

function sessionOfEachView({ offsets, views }: Sessions): Uint32Array {
  const sessionOf = new Uint32Array(views.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    sessionOf.fill(session, offsets[session], offsets[session + 1]);
  }
  return sessionOf;
}

import { normOf } from '../ranking/strategies/session-vector.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Estimate } from './figures.ts';

/**
 * Next-item metrics: each question has one relevant product, the one viewed next, at `place` 1, 2, … of the list, or
 * `undefined` when the list does not hold it.
 */
type Place = number | undefined;

/** HR@k, also Recall@k: 1 when place ≤ k. */
export function hit(place: Place, k: number): number {
  return place !== undefined && place <= k ? 1 : 0;
}

/** MRR@k averages 1 / place, 0 beyond k. */
export function reciprocalRank(place: Place, k: number): number {
  return place !== undefined && place <= k ? 1 / place : 0;
}

/** NDCG@k of one relevant product: 1 / log2(1 + place), 0 beyond k; the ideal DCG is 1. */
export function discountedGain(place: Place, k: number): number {
  return place !== undefined && place <= k ? 1 / Math.log2(1 + place) : 0;
}

/** Sessions are told apart in so many groups for the interval of the coverage. */
export const COVERAGE_GROUPS = 10;

/**
 * Catalogue coverage@k: the share of all products that stand in at least one list. Its 95 % interval is that of the
 * delete-a-group jackknife (Kott 2001), value ± 1.96 · SE with SE² = (G − 1)/G · Σ_g (coverage without g − their mean)²:
 * resampled sessions hold fewer different lists, so a bootstrap's would lie below the value.
 *
 * @param groupsOf (productCount) bit g is set when a session of group g had the product in a list.
 */
export function catalogueCoverage(groupsOf: Uint16Array): Estimate {
  const { value, low, high } = jackknife((groups) => coveredShare(groupsOf, groups));
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}

/** Coverage of ours − coverage of theirs, of the same questions; the interval is made in the same way. */
export function coverageDifference(ours: Uint16Array, theirs: Uint16Array): Estimate {
  return jackknife((groups) => coveredShare(ours, groups) - coveredShare(theirs, groups));
}

function coveredShare(groupsOf: Uint16Array, groups: number): number {
  return groupsOf.reduce((sum, set) => sum + ((set & groups) === 0 ? 0 : 1), 0) / groupsOf.length;
}

/** @param measure gives the value from these groups of sessions, a bit each. */
function jackknife(measure: (groups: number) => number): Estimate {
  const all = (1 << COVERAGE_GROUPS) - 1;
  const without = Array.from({ length: COVERAGE_GROUPS }, (_, g) => measure(all & ~(1 << g)));
  const mean = without.reduce((sum, share) => sum + share, 0) / COVERAGE_GROUPS;
  const squares = without.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const margin = 1.96 * Math.sqrt(((COVERAGE_GROUPS - 1) / COVERAGE_GROUPS) * squares);
  const value = measure(all);
  return { value, low: value - margin, high: value + margin };
}

/**
 * Average recommendation popularity (Yin et al. 2012) of one list: the mean views of its products. Divided by the mean
 * views of what shoppers viewed next it is the popularity bias: above 1 the lists are more popular than the demand.
 */
export function meanViews(index: ServingIndex, list: readonly number[]): number {
  let sum = 0;
  for (const product of list) sum += index.viewCounts[product];
  return sum / list.length;
}

/**
 * Intra-list diversity (Ziegler et al. 2005) of one list: 1 − mean cosine over its pairs of products, from 0 (all
 * alike) to 2. With unit vectors u of n products, Σ_{i≠j} u_i · u_j = ‖Σ u‖² − n.
 *
 * @returns undefined when fewer than two of the products have a vector other than zero.
 */
export function intraListDiversity(index: ServingIndex, list: readonly number[]): number | undefined {
  const { dimensions, vectors, clusterOf } = index;
  const sum = new Float64Array(dimensions);
  let n = 0;
  for (const product of list) {
    if (product >= clusterOf.length) continue;
    const norm = normOf(index, product);
    if (norm === 0) continue;
    const row = product * dimensions;
    for (let d = 0; d < dimensions; d++) sum[d] += vectors[row + d] / norm;
    n++;
  }
  if (n < 2) return undefined;
  let squaredNorm = 0;
  for (let d = 0; d < dimensions; d++) squaredNorm += sum[d] * sum[d];
  return 1 - (squaredNorm - n) / (n * (n - 1));
}

/**
 * The expectation of a gain over lists that put `members` products in random order: the relevant one stands at each
 * place 1…members equally often. For `cluster-sample`, which one draw would judge by luck.
 */
export function expectedGain(gain: (place: number) => number, members: number, k: number): number {
  let sum = 0;
  for (let place = 1; place <= Math.min(members, k); place++) sum += gain(place);
  return sum / members;
}

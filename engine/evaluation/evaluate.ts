import type { Sessions } from '../clicks/corpus.ts';
import { type Random, seededRandom } from '../numeric/random.ts';
import { rankBy } from '../ranking/rank.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { clusterSample } from '../ranking/strategies/clusters.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { bootstrapRatios, type Estimate } from './bootstrap.ts';
import {
  COVERAGE_GROUPS,
  catalogueCoverage,
  discountedGain,
  expectedGain,
  hit,
  intraListDiversity,
  meanViews,
  reciprocalRank,
} from './metrics.ts';
import { type Position, positionsOf } from './positions.ts';

/** Length of the lists, and the cutoff of every metric that names none. */
export const LIST_LENGTH = 20;
const MOST_POSITIONS = 10_000;

const GAINS = {
  'HR@5': (place: number | undefined) => hit(place, 5),
  'HR@10': (place: number | undefined) => hit(place, 10),
  'HR@20': (place: number | undefined) => hit(place, LIST_LENGTH),
  'MRR@20': (place: number | undefined) => reciprocalRank(place, LIST_LENGTH),
  'NDCG@20': (place: number | undefined) => discountedGain(place, LIST_LENGTH),
} as const;
type Gain = keyof typeof GAINS;
const GAIN_NAMES = Object.keys(GAINS) as Gain[];

export type Gains = Record<Gain, Estimate>;

export interface Evaluation {
  /** Questions asked. */
  positions: number;
  /** Share of the questions whose answer the session had viewed before. */
  repeatShare: number;
  /** Every next view counts, a product viewed before as well. */
  all: Gains;
  /** Only next views of products that the session had not viewed before. */
  newProducts: Gains;
  /** Mean views of the recommended over mean views of what was viewed next. */
  popularityBias: Estimate;
  intraListDiversity: Estimate;
  coverage: Estimate;
}

/** What happened in each session, from which means, intervals and comparisons are made. */
export interface Tally {
  /** (sessions, metrics) row-major: the gains, the gains on new products, views of the recommended, diversity */
  numerators: Float64Array;
  /** (sessions, metrics) what each is divided by */
  denominators: Float64Array;
  positions: number;
  repeats: number;
  coverage: Estimate;
}

const GAIN_COUNT = GAIN_NAMES.length;
const BIAS = 2 * GAIN_COUNT;
const DIVERSITY = BIAS + 1;
const METRIC_COUNT = DIVERSITY + 1;

/** Asks `scorer` (undefined: popularity) at every position what comes next. Viewed products may be recommended. */
export function tallyPositions(
  index: ServingIndex,
  scorer: Scorer | undefined,
  later: Sessions,
  random: Random,
  mostPositions = MOST_POSITIONS,
): Tally {
  const sessionCount = later.offsets.length - 1;
  const numerators = new Float64Array(sessionCount * METRIC_COUNT);
  const denominators = new Float64Array(sessionCount * METRIC_COUNT);
  const groupsOf = new Uint16Array(index.productIds.length);
  // A row a session that is asked about: the others must not be resampled.
  let row = -1;
  let rowSession = -1;
  const add = (metric: number, numerator: number, denominator: number) => {
    numerators[row * METRIC_COUNT + metric] += numerator;
    denominators[row * METRIC_COUNT + metric] += denominator;
  };
  let positions = 0;
  let repeats = 0;
  for (const position of positionsOf(later, mostPositions)) {
    const { session, viewed, target } = position;
    if (session !== rowSession) row++;
    rowSession = session;
    const query = { viewed, random, count: LIST_LENGTH, excluded: new Set<number>() };
    const list = rankBy(index, scorer, query).map(({ product }) => product);
    const isNew = viewed.includes(target) ? 0 : 1;
    gainsAt(index, scorer, list, position).forEach((gain, g) => {
      add(g, gain, 1);
      add(GAIN_COUNT + g, gain * isNew, isNew);
    });
    add(BIAS, meanViews(index, list), index.viewCounts[target]);
    const diversity = intraListDiversity(index, list);
    if (diversity !== undefined) add(DIVERSITY, diversity, 1);
    for (const product of list) groupsOf[product] |= 1 << (row % COVERAGE_GROUPS);
    positions++;
    repeats += 1 - isNew;
  }
  const end = (row + 1) * METRIC_COUNT;
  return {
    numerators: numerators.slice(0, end),
    denominators: denominators.slice(0, end),
    positions,
    repeats,
    coverage: catalogueCoverage(groupsOf),
  };
}

function gainsAt(
  index: ServingIndex,
  scorer: Scorer | undefined,
  list: readonly number[],
  { viewed, target }: Position,
): number[] {
  if (scorer === clusterSample) {
    const anchor = viewed.findLast((product) => product < index.clusterOf.length);
    const cluster = anchor === undefined ? undefined : index.clusterOf[anchor];
    if (cluster !== undefined && target !== anchor && index.clusterOf[target] === cluster) {
      const members = index.clusterOffsets[cluster + 1] - index.clusterOffsets[cluster] - 1;
      return GAIN_NAMES.map((name) => expectedGain(GAINS[name], members, LIST_LENGTH));
    }
  }
  const found = list.indexOf(target);
  return GAIN_NAMES.map((name) => GAINS[name](found === -1 ? undefined : found + 1));
}

/** @param seed of the resampling; the same for all that are to be compared. */
export function summarise(tally: Tally, seed: number): Evaluation {
  const estimates = bootstrapRatios(tally.numerators, tally.denominators, METRIC_COUNT, seededRandom(seed));
  const gains = (from: number) => Object.fromEntries(GAIN_NAMES.map((name, g) => [name, estimates[from + g]])) as Gains;
  return {
    positions: tally.positions,
    repeatShare: tally.positions === 0 ? 0 : tally.repeats / tally.positions,
    all: gains(0),
    newProducts: gains(GAIN_COUNT),
    popularityBias: estimates[BIAS],
    intraListDiversity: estimates[DIVERSITY],
    coverage: tally.coverage,
  };
}

/** `ours` − `theirs` on the same positions, resampled together: an interval above 0 is a clear win. */
export function compare(ours: Tally, theirs: Tally, seed: number): Gains {
  // Both were asked the same questions, so they share the denominators.
  const differences = ours.numerators.map((numerator, i) => numerator - theirs.numerators[i]);
  const estimates = bootstrapRatios(differences, ours.denominators, METRIC_COUNT, seededRandom(seed));
  return Object.fromEntries(GAIN_NAMES.map((name, g) => [name, estimates[g]])) as Gains;
}

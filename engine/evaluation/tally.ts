import type { Random } from '../numeric/random.ts';
import { rankBy } from '../ranking/rank.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { clusterSample } from '../ranking/strategies/clusters.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Estimate, Gains } from './figures.ts';
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
import type { AskedSessions } from './question.ts';

/** Length of the lists, and the cutoff of every metric that names none. */
export const LIST_LENGTH = 20;
const MOST_POSITIONS = 10_000;

const GAINS = {
  'HR@5': (place: number | undefined) => hit(place, 5),
  'HR@10': (place: number | undefined) => hit(place, 10),
  'HR@20': (place: number | undefined) => hit(place, LIST_LENGTH),
  'MRR@20': (place: number | undefined) => reciprocalRank(place, LIST_LENGTH),
  'NDCG@20': (place: number | undefined) => discountedGain(place, LIST_LENGTH),
} as const satisfies Record<keyof Gains, unknown>;
export type Gain = keyof typeof GAINS;
export const GAIN_NAMES = Object.keys(GAINS) as Gain[];

/** The two ways to ask, tallied from one scoring: see `Evaluation`. */
export type Mode = 'viewedAllowed' | 'asServed';

const GAIN_COUNT = GAIN_NAMES.length;
/** Columns of one mode: its gains, then these two. */
const MODE_COLUMNS = GAIN_COUNT + 2;
/** First columns. The gains of `newProducts` come last. */
export const COLUMN = {
  viewedAllowed: 0,
  asServed: MODE_COLUMNS,
  newProducts: 2 * MODE_COLUMNS,
  /** After the first column of a mode. */
  bias: GAIN_COUNT,
  diversity: GAIN_COUNT + 1,
} as const;
export const COLUMN_COUNT = COLUMN.newProducts + GAIN_COUNT;

/** What happened in each session, from which means, intervals and comparisons are made. */
export interface Tally {
  /** (sessions, COLUMN_COUNT) row-major, a row a session that was asked about */
  numerators: Float64Array;
  /** (sessions, COLUMN_COUNT) what each is divided by */
  denominators: Float64Array;
  /** Questions of each mode. */
  positions: Record<Mode, number>;
  coverage: Record<Mode, Estimate>;
}

/**
 * Asks `scorer` (undefined: popularity) at every position what comes next, and notes both the list that may hold viewed
 * products and the one that the API serves by default, without them.
 */
export function tallyPositions(
  index: ServingIndex,
  scorer: Scorer | undefined,
  later: AskedSessions,
  random: Random,
  mostPositions = MOST_POSITIONS,
): Tally {
  const sessionCount = later.offsets.length - 1;
  const numerators = new Float64Array(sessionCount * COLUMN_COUNT);
  const denominators = new Float64Array(sessionCount * COLUMN_COUNT);
  const groupsOf = {
    viewedAllowed: new Uint16Array(index.productIds.length),
    asServed: new Uint16Array(index.productIds.length),
  };
  const positions = { viewedAllowed: 0, asServed: 0 };
  // A row a session that is asked about: the others must not be resampled.
  let row = -1;
  let rowSession = -1;
  const add = (column: number, numerator: number, denominator: number) => {
    numerators[row * COLUMN_COUNT + column] += numerator;
    denominators[row * COLUMN_COUNT + column] += denominator;
  };
  const addList = (mode: Mode, list: readonly number[], gains: readonly number[], target: number) => {
    const from = COLUMN[mode];
    gains.forEach((gain, g) => {
      add(from + g, gain, 1);
    });
    add(from + COLUMN.bias, meanViews(index, list), index.viewCounts[target]);
    const diversity = intraListDiversity(index, list);
    if (diversity !== undefined) add(from + COLUMN.diversity, diversity, 1);
    for (const product of list) groupsOf[mode][product] |= 1 << (row % COVERAGE_GROUPS);
    positions[mode]++;
  };
  for (const { session, viewed, target } of positionsOf(later, mostPositions)) {
    if (session !== rowSession) row++;
    rowSession = session;
    const seen = new Set(viewed);
    // Long enough to hold both lists: leaving the viewed ones out leaves 20.
    const query = { viewed, random, count: LIST_LENGTH + seen.size, excluded: NONE };
    const ranked = rankBy(index, scorer, query).map(({ product }) => product);
    const list = ranked.slice(0, LIST_LENGTH);
    const gains = gainsAt(index, scorer, list, { viewed, target }, NONE);
    addList('viewedAllowed', list, gains, target);
    if (seen.has(target)) continue;
    gains.forEach((gain, g) => {
      add(COLUMN.newProducts + g, gain, 1);
    });
    const served = ranked.filter((product) => !seen.has(product)).slice(0, LIST_LENGTH);
    addList('asServed', served, gainsAt(index, scorer, served, { viewed, target }, seen), target);
  }
  const end = (row + 1) * COLUMN_COUNT;
  return {
    numerators: numerators.slice(0, end),
    denominators: denominators.slice(0, end),
    positions,
    coverage: {
      viewedAllowed: catalogueCoverage(groupsOf.viewedAllowed),
      asServed: catalogueCoverage(groupsOf.asServed),
    },
  };
}

const NONE: ReadonlySet<number> = new Set();

function gainsAt(
  index: ServingIndex,
  scorer: Scorer | undefined,
  list: readonly number[],
  { viewed, target }: Pick<Position, 'viewed' | 'target'>,
  leftOut: ReadonlySet<number>,
): number[] {
  if (scorer === clusterSample) {
    const anchor = viewed.findLast((product) => product < index.clusterOf.length);
    const cluster = anchor === undefined ? undefined : index.clusterOf[anchor];
    if (cluster !== undefined && target !== anchor && index.clusterOf[target] === cluster) {
      const members = index.clusterMembers.subarray(index.clusterOffsets[cluster], index.clusterOffsets[cluster + 1]);
      const drawnFrom = members.filter((member) => member !== anchor && !leftOut.has(member)).length;
      return GAIN_NAMES.map((name) => expectedGain(GAINS[name], drawnFrom, LIST_LENGTH));
    }
  }
  const found = list.indexOf(target);
  return GAIN_NAMES.map((name) => GAINS[name](found === -1 ? undefined : found + 1));
}

/** The questions of all of them, as if they were one. The coverage is the mean of theirs. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const merge = (rows: Float64Array[]) => Float64Array.from(rows.flatMap((row) => [...row]));
  const sumOf = (mode: Mode) => tallies.reduce((sum, { positions }) => sum + positions[mode], 0);
  const coverageOf = (mode: Mode): Estimate => {
    const mean = (bound: keyof Estimate) =>
      tallies.reduce((sum, { coverage }) => sum + coverage[mode][bound], 0) / tallies.length;
    return { value: mean('value'), low: mean('low'), high: mean('high') };
  };
  return {
    numerators: merge(tallies.map(({ numerators }) => numerators)),
    denominators: merge(tallies.map(({ denominators }) => denominators)),
    positions: { viewedAllowed: sumOf('viewedAllowed'), asServed: sumOf('asServed') },
    coverage: { viewedAllowed: coverageOf('viewedAllowed'), asServed: coverageOf('asServed') },
  };
}

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

/** A `Tally` of some of the sessions, which becomes one with those of the others. */
export interface TallyPart extends Omit<Tally, 'coverage'> {
  /** (productCount) see `catalogueCoverage` */
  groupsOf: Record<Mode, Uint16Array>;
}

/** Notes answers, session after session. */
export class TallySheet {
  readonly #index: ServingIndex;
  readonly #scorer: Scorer | undefined;
  readonly #numerators: number[] = [];
  readonly #denominators: number[] = [];
  readonly #groupsOf: TallyPart['groupsOf'];
  readonly #positions: TallyPart['positions'] = { viewedAllowed: 0, asServed: 0 };
  /** Where the last session's row begins. */
  #start = 0;
  #lastRow: number | undefined;

  /** @param scorer whose answers they are. */
  constructor(index: ServingIndex, scorer: Scorer | undefined) {
    this.#index = index;
    this.#scorer = scorer;
    this.#groupsOf = {
      viewedAllowed: new Uint16Array(index.productIds.length),
      asServed: new Uint16Array(index.productIds.length),
    };
  }

  /**
   * Notes both the list that may hold viewed products and the one without them, which "as served" stands for.
   *
   * @param ranked best first, without any left out: `LIST_LENGTH` and as many as there are in `seen`.
   * @param seen the products of `viewed`.
   */
  note({ row, viewed, target }: PositionInRow, ranked: readonly number[], seen: ReadonlySet<number>): void {
    if (row !== this.#lastRow) this.#startRow(row);
    const list = ranked.slice(0, LIST_LENGTH);
    const gains = gainsAt(this.#index, this.#scorer, list, { viewed, target }, NONE);
    this.#addList('viewedAllowed', row, list, gains, target);
    if (seen.has(target)) return;
    gains.forEach((gain, g) => {
      this.#add(COLUMN.newProducts + g, gain, 1);
    });
    const served = ranked.filter((product) => !seen.has(product)).slice(0, LIST_LENGTH);
    const servedGains = gainsAt(this.#index, this.#scorer, served, { viewed, target }, seen);
    this.#addList('asServed', row, served, servedGains, target);
  }

  take(): TallyPart {
    return {
      numerators: Float64Array.from(this.#numerators),
      denominators: Float64Array.from(this.#denominators),
      positions: this.#positions,
      groupsOf: this.#groupsOf,
    };
  }

  #startRow(row: number): void {
    this.#lastRow = row;
    this.#start = this.#numerators.length;
    for (let column = 0; column < COLUMN_COUNT; column++) {
      this.#numerators.push(0);
      this.#denominators.push(0);
    }
  }

  #add(column: number, numerator: number, denominator: number): void {
    this.#numerators[this.#start + column] += numerator;
    this.#denominators[this.#start + column] += denominator;
  }

  #addList(mode: Mode, row: number, list: readonly number[], gains: readonly number[], target: number): void {
    const from = COLUMN[mode];
    gains.forEach((gain, g) => {
      this.#add(from + g, gain, 1);
    });
    this.#add(from + COLUMN.bias, meanViews(this.#index, list), this.#index.viewCounts[target]);
    const diversity = intraListDiversity(this.#index, list);
    if (diversity !== undefined) this.#add(from + COLUMN.diversity, diversity, 1);
    for (const product of list) this.#groupsOf[mode][product] |= 1 << (row % COVERAGE_GROUPS);
    this.#positions[mode]++;
  }
}

export interface PositionInRow extends Position {
  /** Of the tally: sessions that are asked about, numbered from 0. The others must not be resampled. */
  row: number;
}

export function* positionsInRows(later: AskedSessions, mostPositions = MOST_POSITIONS): Generator<PositionInRow> {
  let row = -1;
  let rowSession = -1;
  for (const position of positionsOf(later, mostPositions)) {
    if (position.session !== rowSession) row++;
    rowSession = position.session;
    yield { ...position, row };
  }
}

/** Asks `scorer` (undefined: popularity) at every position what comes next. */
export function tallyPositions(
  index: ServingIndex,
  scorer: Scorer | undefined,
  later: AskedSessions,
  random: Random,
  mostPositions = MOST_POSITIONS,
): Tally {
  const sheet = new TallySheet(index, scorer);
  for (const position of positionsInRows(later, mostPositions)) {
    const seen = new Set(position.viewed);
    sheet.note(position, rankedFor(index, scorer, position.viewed, seen, random), seen);
  }
  return joinTally([sheet.take()]);
}

/** Long enough to hold both lists: leaving the viewed ones out leaves 20. */
export function rankedFor(
  index: ServingIndex,
  scorer: Scorer | undefined,
  viewed: readonly number[],
  seen: ReadonlySet<number>,
  random: Random,
): number[] {
  const query = { viewed, random, count: LIST_LENGTH + seen.size, excluded: NONE };
  return rankBy(index, scorer, query).map(({ product }) => product);
}

/** @param parts of the same index and scorer, in the order of their sessions. */
export function joinTally(parts: readonly TallyPart[]): Tally {
  const join = (rows: readonly Float64Array[]) => {
    const joined = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const row of rows) {
      joined.set(row, at);
      at += row.length;
    }
    return joined;
  };
  const coverageOf = (mode: Mode) =>
    catalogueCoverage(
      parts[0].groupsOf[mode].map((groups, product) =>
        parts.reduce((all, { groupsOf }) => all | groupsOf[mode][product], groups),
      ),
    );
  return {
    numerators: join(parts.map(({ numerators }) => numerators)),
    denominators: join(parts.map(({ denominators }) => denominators)),
    positions: sumOfPositions(parts),
    coverage: { viewedAllowed: coverageOf('viewedAllowed'), asServed: coverageOf('asServed') },
  };
}

function sumOfPositions(tallies: readonly Pick<Tally, 'positions'>[]): Tally['positions'] {
  const sumOf = (mode: Mode) => tallies.reduce((sum, { positions }) => sum + positions[mode], 0);
  return { viewedAllowed: sumOf('viewedAllowed'), asServed: sumOf('asServed') };
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
  const coverageOf = (mode: Mode): Estimate => {
    const mean = (bound: keyof Estimate) =>
      tallies.reduce((sum, { coverage }) => sum + coverage[mode][bound], 0) / tallies.length;
    return { value: mean('value'), low: mean('low'), high: mean('high') };
  };
  return {
    numerators: merge(tallies.map(({ numerators }) => numerators)),
    denominators: merge(tallies.map(({ denominators }) => denominators)),
    positions: sumOfPositions(tallies),
    coverage: { viewedAllowed: coverageOf('viewedAllowed'), asServed: coverageOf('asServed') },
  };
}

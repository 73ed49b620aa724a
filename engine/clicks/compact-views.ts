import { offsetsOf } from '../numeric/grouping.ts';
import { FAULTS, type IdRule } from './id-rules.ts';
import { SKIPPED_BY_EVENT } from './row-filter.ts';
import type { Scan } from './scan.ts';
import { type TimeBounds, timeFault } from './time-bounds.ts';
import type { Views } from './views.ts';

/** Why a row cannot be used; the column is one of the reading's roles. */
export interface RowFault {
  role: 'session' | 'product' | 'order' | 'time';
  /** Begins the reason; what was found follows, where it says something. */
  reason: string;
  /** The source says itself that it does not know: nothing to mend, so not counted where too many rows are refused. */
  isPlaceholder?: boolean;
}

/** Rows of a scan that cannot be used, ascending from 0, and why. */
export interface FaultyRows {
  rows: number[];
  faults: RowFault[];
}

export interface ReadViews {
  views: Views;
  /** Of each scan. */
  faulty: FaultyRows[];
  /** Rows, or elements of a list, that do not count. */
  skippedByEvent: number;
  skippedByFilter: number;
  skippedWithoutProduct: number;
  /** Elements without a usable id in rows that have others. */
  refusedElements: number;
}

/** Of each row that was read, in the numbers of its texts. */
export type ViewArrays = Pick<Views, 'sessions' | 'products' | 'timesMs' | 'orders' | 'weights'>;

/** Which ids and times can be used. */
export interface ViewRules {
  sessionRule: IdRule;
  productRule: IdRule;
  bounds: TimeBounds;
  /** Whether rows without a product are skipped and not refused. */
  hasPages: boolean;
}

const ID_REASONS = {
  empty: 'has no id',
  placeholder: 'is a placeholder and no id',
  list: 'is a list or an object and no id; a path such as items[].id takes its elements',
  several: 'holds several ids; a path such as products[,] takes each',
  rounded: 'is a number that a spreadsheet has rounded; export its column as text',
} as const;

/** A path into the list would not help: it is the row that is a session. */
const SESSION_IS_LIST =
  'is a list or an object and no id of a session; where each row is a session, number the rows in a column of their own';

const idFaults = (role: 'session' | 'product') =>
  FAULTS.map(
    (fault): RowFault => ({
      role,
      reason: role === 'session' && fault === 'list' ? SESSION_IS_LIST : ID_REASONS[fault],
      ...(fault === 'placeholder' && { isPlaceholder: true }),
    }),
  );
const ID_FAULTS = { session: idFaults('session'), product: idFaults('product') };
/** In the place of a product's number. */
const NO_PRODUCT = -1 - FAULTS.indexOf('empty');
const ORDER_FAULT: RowFault = { role: 'order', reason: 'is not a number' };

/**
 * Leaves out what does not count and what is refused, in place, and numbers sessions and products by the first view that
 * is left.
 */
export function compactViews(
  arrays: ViewArrays,
  ordinals: Float64Array | undefined,
  rules: ViewRules,
  scans: readonly Scan[],
  scanEnds: readonly number[],
  settings: Pick<Views, 'gapMs' | 'orderedBy'>,
): ReadViews {
  if (ordinals === undefined && areAllUsable(arrays, rules)) return allOf(arrays, rules, scans, settings);
  const { sessions, products, timesMs, orders, weights } = arrays;
  const sessionNumbers = renumbering(rules.sessionRule.ids.length);
  const productNumbers = renumbering(rules.productRule.ids.length);
  const faulty = scans.map((): FaultyRows => ({ rows: [], faults: [] }));
  const fileEnds: number[] = [];
  const counts = { skippedByEvent: 0, skippedByFilter: 0, skippedWithoutProduct: 0, refusedElements: 0 };
  let end = 0;
  let view = 0;
  for (const [s, scan] of scans.entries()) {
    let row = -1;
    let file = 0;
    let fileEndRow = scan.files[0].rows;
    // Of a row that explodes: whether it is kept for one of its elements, and the first fault of the others.
    let isKept = true;
    let rowFault: RowFault | undefined;
    let rowRefused = 0;
    const endRow = () => {
      if (rowFault === undefined) return;
      if (isKept) counts.refusedElements += rowRefused;
      else {
        faulty[s].rows.push(row);
        faulty[s].faults.push(rowFault);
      }
    };
    for (; view < scanEnds[s]; view++) {
      if (ordinals === undefined || ordinals[view] === 1) {
        endRow();
        row++;
        isKept = false;
        rowFault = undefined;
        rowRefused = 0;
        while (row >= fileEndRow && file + 1 < scan.files.length) {
          fileEnds.push(end);
          fileEndRow += scan.files[++file].rows;
        }
      }
      if (weights !== undefined && weights[view] < 0) {
        if (weights[view] === SKIPPED_BY_EVENT) counts.skippedByEvent++;
        else counts.skippedByFilter++;
        isKept = true;
        continue;
      }
      const session = rules.sessionRule.numberOf[sessions[view]];
      const product = rules.productRule.numberOf[products[view]];
      if (rules.hasPages && product === NO_PRODUCT) {
        counts.skippedWithoutProduct++;
        isKept = true;
        continue;
      }
      const hasOrder = isOrdered(arrays, view);
      if (session < 0 || product < 0 || !hasOrder || !isTimely(arrays, view, rules.bounds)) {
        rowFault ??= faultOf(session, product, hasOrder, timesMs === undefined ? 0 : timesMs[view], rules.bounds);
        rowRefused++;
        continue;
      }
      isKept = true;
      sessions[end] = sessionNumbers.of(session);
      products[end] = productNumbers.of(product);
      if (timesMs !== undefined) timesMs[end] = timesMs[view];
      if (orders !== undefined) orders[end] = orders[view];
      if (weights !== undefined) weights[end] = weights[view];
      end++;
    }
    endRow();
    for (; file < scan.files.length; file++) fileEnds.push(end);
  }
  return {
    views: {
      sessionIds: sessionNumbers.idsOf(rules.sessionRule.ids),
      productIds: productNumbers.idsOf(rules.productRule.ids),
      sessions: sessions.subarray(0, end),
      products: products.subarray(0, end),
      timesMs: timesMs?.subarray(0, end),
      orders: orders?.subarray(0, end),
      weights: weights?.subarray(0, end).some((weight) => weight !== 1) ? weights.subarray(0, end) : undefined,
      fileEnds: Int32Array.from(fileEnds),
      ...settings,
    },
    faulty,
    ...counts,
  };
}

function areAllUsable(
  { timesMs, orders, weights }: ViewArrays,
  { sessionRule, productRule, bounds }: ViewRules,
): boolean {
  if (!sessionRule.keepsAll || !productRule.keepsAll || weights !== undefined) return false;
  return (
    areWithin(orders, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) &&
    areWithin(timesMs, bounds.earliestMs, bounds.latestMs)
  );
}

/** NaN is nowhere. */
function areWithin(values: Float64Array | undefined, least: number, most: number): boolean {
  if (values === undefined) return true;
  for (let i = 0; i < values.length; i++) if (!(values[i] >= least && values[i] <= most)) return false;
  return true;
}

/** Ids are numbered by the first row that has them already. */
function allOf(
  arrays: ViewArrays,
  { sessionRule, productRule }: ViewRules,
  scans: readonly Scan[],
  settings: Pick<Views, 'gapMs' | 'orderedBy'>,
): ReadViews {
  const rows = scans.flatMap(({ files }) => files.map((file) => file.rows));
  return {
    views: {
      sessionIds: sessionRule.ids,
      productIds: productRule.ids,
      ...arrays,
      fileEnds: Int32Array.from(offsetsOf(rows).subarray(1)),
      ...settings,
    },
    faulty: scans.map(() => ({ rows: [], faults: [] })),
    skippedByEvent: 0,
    skippedByFilter: 0,
    skippedWithoutProduct: 0,
    refusedElements: 0,
  };
}

/** New numbers by first use. */
function renumbering(count: number) {
  const numbers = new Int32Array(count).fill(-1);
  const used = new Int32Array(count);
  let size = 0;
  return {
    of(old: number): number {
      if (numbers[old] < 0) {
        numbers[old] = size;
        used[size++] = old;
      }
      return numbers[old];
    },
    idsOf: (ids: readonly string[]) => Array.from(used.subarray(0, size), (old) => ids[old]),
  };
}

/** The first of a row's faults. */
function faultOf(session: number, product: number, isOrdered: boolean, timeMs: number, bounds: TimeBounds): RowFault {
  if (session < 0) return ID_FAULTS.session[-1 - session];
  if (product < 0) return ID_FAULTS.product[-1 - product];
  if (!isOrdered) return ORDER_FAULT;
  return { role: 'time', reason: timeFault(timeMs, bounds) };
}

export function isOrdered({ orders }: ViewArrays, view: number): boolean {
  return orders === undefined || !Number.isNaN(orders[view]);
}

export function isTimely({ timesMs }: ViewArrays, view: number, { earliestMs, latestMs }: TimeBounds): boolean {
  return timesMs === undefined || (timesMs[view] >= earliestMs && timesMs[view] <= latestMs);
}

import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import { offsetsOf } from '../numeric/grouping.ts';
import type { Database } from './database.ts';
import { GrowingArray } from './growing-array.ts';
import { applyIdRules, FAULTS, type IdRule, separatorOf, trimIds } from './id-rules.ts';
import { IdTable } from './id-table.ts';
import { SKIPPED_BY_EVENT } from './row-filter.ts';
import { rowsOf, type Scan } from './scan.ts';
import { medianOf, type TimeBounds, timeBounds, timeFault } from './time-bounds.ts';
import type { TimeHints } from './time-expression.ts';
import { hasWeights, type ViewPaths, viewQuery } from './view-query.ts';
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

const ID_REASONS = {
  empty: 'has no id',
  placeholder: 'is a placeholder and no id',
  list: 'is a list or an object and no id; a path such as items[].id takes its elements',
  several: 'holds several ids; a path such as products[,] takes each',
} as const;

/**
 * Reads the views of all scans in one pass each: ids become numbers, times milliseconds, events weights.
 *
 * @param nowMs when the run began: no click is later. @param hasPages whether rows without a product are skipped and not
 * refused.
 * @throws InputError when most product ids are lists.
 */
export async function readViews(
  database: Database,
  scans: readonly { scan: Scan; paths: ViewPaths }[],
  columns: Columns,
  hints: TimeHints,
  nowMs: number,
  hasPages = false,
): Promise<ReadViews> {
  const rowCount = scans.reduce((sum, { scan }) => sum + rowsOf(scan), 0);
  const known = scans.length === 1 ? numberedIds(scans[0].scan, scans[0].paths) : undefined;
  const { orders: knownOrders, timesMs: knownTimes } = known === undefined ? {} : scans[0].scan;
  const sessionTable = new IdTable();
  const productTable = new IdTable();
  const idsToRead = known === undefined ? rowCount : 0;
  const sessions = new GrowingArray(Int32Array, idsToRead);
  const products = new GrowingArray(Int32Array, idsToRead);
  const [{ paths: first }] = scans;
  const numbers = (isThere: boolean) => (isThere ? new GrowingArray(Float64Array, rowCount) : undefined);
  const times = numbers(first.time.length > 0 && knownTimes === undefined);
  const orders = numbers(first.order !== undefined && knownOrders === undefined);
  const weights = numbers(hasWeights(first));
  const ordinals = numbers(first.list !== undefined);
  const scanEnds: number[] = [];
  const { latestMs } = timeBounds(Number.NaN, nowMs);
  for (const { scan, paths } of scans) {
    const query = viewQuery(
      scan,
      paths,
      columns.events,
      { ...hints, latestMs },
      {
        hasIds: known === undefined,
        hasTimes: knownTimes === undefined,
        hasOrders: knownOrders === undefined,
      },
    );
    for await (const chunk of query === undefined ? [] : database.chunks(query)) {
      const { rowCount } = chunk;
      if (known === undefined) {
        const start = sessions.extend(rowCount);
        products.extend(rowCount);
        sessionTable.add(chunk.texts(0), chunk.halves(1), rowCount, sessions.values, start);
        productTable.add(chunk.texts(2), chunk.halves(3), rowCount, products.values, start);
      }
      [times, orders, weights, ordinals]
        .filter((array) => array !== undefined)
        .forEach((array, i) => {
          array.append(chunk.numbers((known === undefined ? 4 : 0) + i));
        });
    }
    scanEnds.push(known?.session.numbers.length ?? sessions.length);
  }

  const arrays = {
    sessions: known?.session.numbers ?? sessions.all(),
    products: known?.product.numbers ?? products.all(),
    timesMs: knownTimes ?? times?.all(),
    orders: knownOrders ?? orders?.all(),
    weights: weights?.all(),
  };
  const bounds = timeBounds(medianOf(timesOfCounted(arrays)), nowMs);
  const [sessionTexts, productTexts] = [
    known?.session.texts ?? sessionTable.ids,
    known?.product.texts ?? productTable.ids,
  ];
  const rules = { ...idRules(arrays, sessionTexts, productTexts, bounds), bounds, hasPages };
  refuseLists(rules.productRule.idsInUse, first);
  return compact(
    arrays,
    ordinals?.all(),
    rules,
    scans.map(({ scan }) => scan),
    scanEnds,
    {
      gapMs: columns.gapSeconds === undefined ? undefined : columns.gapSeconds * 1000,
      orderedBy: columns.order ?? columns.time?.join(', '),
    },
  );
}

/** As many as say what is usual. */
const FIRST_TIMES = 10_000;

/** Times of the first rows that are not skipped. */
function timesOfCounted({ timesMs, weights }: ViewArrays): Float64Array {
  if (timesMs === undefined || weights === undefined) return timesMs ?? new Float64Array(0);
  const counted: number[] = [];
  for (let view = 0; view < timesMs.length && counted.length < FIRST_TIMES; view++) {
    if (weights[view] >= 0 && !Number.isNaN(timesMs[view])) counted.push(timesMs[view]);
  }
  return Float64Array.from(counted);
}

/** What no row decides that is skipped, or refused for something else. */
function idRules(
  arrays: ViewArrays,
  sessionTexts: readonly string[],
  productTexts: readonly string[],
  bounds: TimeBounds,
): { sessionRule: IdRule; productRule: IdRule } {
  const [session, product] = [trimIds(sessionTexts), trimIds(productTexts)];
  const [sessionsInUse, productsInUse] = [new Uint8Array(sessionTexts.length), new Uint8Array(productTexts.length)];
  if (session.faults !== undefined || product.faults !== undefined) {
    const { sessions, products, weights } = arrays;
    for (let view = 0; view < sessions.length; view++) {
      if (weights !== undefined && weights[view] < 0) continue;
      if (!isOrdered(arrays, view) || !isTimely(arrays, view, bounds)) continue;
      if (session.faults?.[sessions[view]] !== undefined || product.faults?.[products[view]] !== undefined) continue;
      sessionsInUse[sessions[view]] = 1;
      productsInUse[products[view]] = 1;
    }
  }
  return {
    sessionRule: applyIdRules(sessionTexts, session, sessionsInUse),
    productRule: applyIdRules(productTexts, product, productsInUse),
  };
}

function isOrdered({ orders }: ViewArrays, view: number): boolean {
  return orders === undefined || !Number.isNaN(orders[view]);
}

function isTimely({ timesMs }: ViewArrays, view: number, { earliestMs, latestMs }: TimeBounds): boolean {
  return timesMs === undefined || (timesMs[view] >= earliestMs && timesMs[view] <= latestMs);
}

/** Of a scan that has numbered them itself. */
function numberedIds({ numbered }: Scan, { session, product }: ViewPaths) {
  const ids = session.length === 1 && numbered?.get(session[0].column);
  const products = numbered?.get(product.column);
  if (!ids || products === undefined) return undefined;
  // A column that is both is compacted in place as two.
  return { session: ids, product: products === ids ? { ...ids, numbers: ids.numbers.slice() } : products };
}

function refuseLists(ids: readonly string[], { product }: ViewPaths): void {
  if (product.steps.length > 0) return;
  const separator = separatorOf(ids);
  if (separator === undefined) return;
  const example = ids.find((id) => id.includes(separator));
  throw new InputError(
    `The product column ${JSON.stringify(product.text)} holds lists of ids such as ${JSON.stringify(example)}. To take each id as a view, name it --product ${JSON.stringify(`${product.text}[${separator === ' ' ? '' : separator}]`)}.`,
  );
}

type ViewArrays = Pick<Views, 'sessions' | 'products' | 'timesMs' | 'orders' | 'weights'>;

/**
 * Leaves out what does not count and what is refused, in place, and numbers sessions and products by the first view that
 * is left.
 */
function compact(
  arrays: ViewArrays,
  ordinals: Float64Array | undefined,
  rules: { sessionRule: IdRule; productRule: IdRule; bounds: TimeBounds; hasPages: boolean },
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
  { sessionRule, productRule, bounds }: Parameters<typeof compact>[2],
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
  { sessionRule, productRule }: Parameters<typeof compact>[2],
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

import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import { compactViews, isOrdered, isTimely, type ReadViews, type ViewArrays } from './compact-views.ts';
import type { Database } from './database.ts';
import { GrowingArray } from './growing-array.ts';
import { applyIdRules, type IdRule, separatorOf, trimIds } from './id-rules.ts';
import { IdTable } from './id-table.ts';
import { rowsOf, type Scan } from './scan.ts';
import { medianOf, type TimeBounds, timeBounds } from './time-bounds.ts';
import type { TimeHints } from './time-expression.ts';
import { hasWeights, type ViewPaths, viewQuery } from './view-query.ts';

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
  return compactViews(
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

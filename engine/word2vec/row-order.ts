import { offsetsOf } from '../numeric/grouping.ts';
import { type AliasTable, aliasTable } from './alias-table.ts';

/** Where the products' rows lie, so that several threads seldom write the same cache line. */
export interface RowOrder {
  /** (vocabularySize) row of each product. */
  rowOf: Uint32Array;
  /** Each thread has a replica of the first so many rows: those of the most viewed products. */
  replicaCount: number;
  /** (parts + 1) first row of each part: the other products are shared out among as many parts as there are threads. */
  partOffsets: Uint32Array;
  /**
   * (parts) the distribution of the negatives that a thread draws while the part is its own. A slot below
   * `replicaCount` is that row; slot `replicaCount` is the part's first row.
   */
  negativeTables: readonly AliasTable[];
}

/**
 * Fewer are trained on one thread, whatever `workers` says: in a moment anyway, and replicas would move far apart between
 * two merges.
 */
const LEAST_FOR_THREADS = 128;
/** Each thread has a replica of every one of fewer products; a part of them would be the same few again and again. */
const LEAST_FOR_PARTS = 1_024;
/**
 * Of one matrix's replicas of more products: they pay as long as they stay in the cache. Twice as much is a few per cent
 * faster at 10 dimensions, but merged as often also slower at 100.
 */
const REPLICA_BYTES = 65_536;

export function threadsFor(vocabularySize: number, workers: number): number {
  return vocabularySize < LEAST_FOR_THREADS ? 1 : workers;
}

/**
 * One thread has every product in its own row, one part and no replicas.
 *
 * Over all parts, a product is drawn as often as from the whole vocabulary: the parts' weights are nearly equal, and a
 * product with replicas has the same share of each.
 *
 * @param weights (vocabularySize) of each product among the negatives, by falling views.
 * @param rowBytes of one row: 64 or more, so that there are no more replicas than products.
 */
export function orderRows(weights: Float64Array, workers: number, rowBytes: number): RowOrder {
  const few = weights.length < LEAST_FOR_PARTS;
  const replicaCount = workers === 1 ? 0 : few ? weights.length : Math.floor(REPLICA_BYTES / rowBytes);
  const parts = shareOut(weights, replicaCount, few ? 1 : workers);

  const rowOf = Uint32Array.from(weights, (_, product) => product);
  const partOffsets = offsetsOf(parts.map(({ length }) => length)).map((offset) => replicaCount + offset);
  parts.forEach((products, part) => {
    products.forEach((product, n) => {
      rowOf[product] = partOffsets[part] + n;
    });
  });

  const shares = Array.from(weights.subarray(0, replicaCount), (weight) => weight / parts.length);
  const negativeTables = parts.map((products) =>
    aliasTable(Float64Array.from([...shares, ...products.map((product) => weights[product])])),
  );
  return { rowOf, replicaCount, partOffsets, negativeTables };
}

/** Each product from number `first` on goes to the part that is lightest so far. */
function shareOut(weights: Float64Array, first: number, partCount: number): number[][] {
  const parts = Array.from({ length: partCount }, (): number[] => []);
  const totals = new Float64Array(partCount);
  for (let product = first; product < weights.length; product++) {
    const lightest = totals.indexOf(Math.min(...totals));
    parts[lightest].push(product);
    totals[lightest] += weights[product];
  }
  return parts;
}

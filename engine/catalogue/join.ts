import { offsetsOf } from '../numeric/grouping.ts';
import type { Catalogue, Field } from './catalogue.ts';

/**
 * A catalogue whose rows are the model's products, by their numbers; products of the feed that the model does not know
 * follow. So the bits of a filter are product numbers.
 */
export interface JoinedCatalogue {
  readonly catalogue: Catalogue;
  /** Rows [0, modelProducts) are the model's. */
  readonly modelProducts: number;
  /** Of the model's products, those that the feed lists. */
  readonly listedProducts: number;
}

/** @param modelProductIds (modelProducts) in the serving index's order. */
export function joinCatalogue(catalogue: Catalogue, modelProductIds: readonly string[]): JoinedCatalogue {
  const known = new Set(modelProductIds);
  const unknownIds = catalogue.productIds.filter((id) => !known.has(id));
  const productIds = [...modelProductIds, ...unknownIds];
  const rows = Int32Array.from(productIds, (id) => catalogue.rowOf.get(id) ?? NOT_LISTED);
  return {
    catalogue: {
      version: catalogue.version,
      productIds,
      rowOf: new Map(productIds.map((id, row) => [id, row])),
      fields: new Map([...catalogue.fields].map(([name, field]) => [name, selectRows(field, rows)])),
    },
    modelProducts: modelProductIds.length,
    listedProducts: rows.subarray(0, modelProductIds.length).reduce((n, row) => n + (row === NOT_LISTED ? 0 : 1), 0),
  };
}

const NOT_LISTED = -1;

/** @param rows row of the field for each row of the result; `NOT_LISTED`: nothing. */
function selectRows(field: Field, rows: Int32Array): Field {
  if (field.type === 'number') {
    return {
      ...field,
      values: Float64Array.from(rows, (row) => (row === NOT_LISTED ? Number.NaN : field.values[row])),
    };
  }
  const offsets = offsetsOf(rows.map((row) => (row === NOT_LISTED ? 0 : field.offsets[row + 1] - field.offsets[row])));
  const copyRows = <T extends Uint8Array | Uint32Array>(from: T, to: T): T => {
    rows.forEach((row, i) => {
      if (row !== NOT_LISTED) to.set(from.subarray(field.offsets[row], field.offsets[row + 1]), offsets[i]);
    });
    return to;
  };
  const length = offsets[rows.length];
  return field.type === 'text'
    ? { ...field, offsets, bytes: copyRows(field.bytes, new Uint8Array(length)) }
    : { ...field, offsets, codes: copyRows(field.codes, new Uint32Array(length)) };
}

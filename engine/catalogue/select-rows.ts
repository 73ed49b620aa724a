import { offsetsOf } from '../numeric/grouping.ts';
import type { Field } from './catalogue.ts';

/** Stands for a row that is not there. */
export const NOT_LISTED = -1;

/** @param rows for each row of the result, the row of the field that it is; `NOT_LISTED`: nothing. */
export function selectRows(field: Field, rows: Int32Array): Field {
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

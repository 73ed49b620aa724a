import type { Field } from './catalogue.ts';

/** Stands for a row that is not there. */
export const NOT_LISTED = -1;

/** @param rows for each row of the result, the row of the field that it is; `NOT_LISTED`: nothing. */
export function selectRows(field: Field, rows: Int32Array): Field {
  if (field.type === 'number') {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = rows[i] === NOT_LISTED ? Number.NaN : field.values[rows[i]];
    return { ...field, values };
  }
  const offsets = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    offsets[i + 1] = offsets[i] + (row === NOT_LISTED ? 0 : field.offsets[row + 1] - field.offsets[row]);
  }
  const length = offsets[rows.length];
  return field.type === 'text'
    ? { ...field, offsets, bytes: copyRows(field.bytes, field.offsets, rows, new Uint8Array(length), offsets) }
    : { ...field, offsets, codes: copyRows(field.codes, field.offsets, rows, new Uint32Array(length), offsets) };
}

/** Rows that follow each other are copied together: after a change of a few rows, nearly all of them. */
function copyRows<T extends Uint8Array | Uint32Array>(
  from: T,
  fromOffsets: Uint32Array,
  rows: Int32Array,
  to: T,
  toOffsets: Uint32Array,
): T {
  for (let i = 0; i < rows.length; ) {
    const first = rows[i];
    let end = i + 1;
    if (first !== NOT_LISTED) {
      while (end < rows.length && rows[end] === first + (end - i)) end++;
      to.set(from.subarray(fromOffsets[first], fromOffsets[first + (end - i)]), toOffsets[i]);
    }
    i = end;
  }
  return to;
}

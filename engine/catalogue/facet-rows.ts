import { type Grouping, groupItems } from '../numeric/grouping.ts';
import { ancestorsOf, type FacetField } from './catalogue.ts';

/** Which rows have a value: made when a field is first asked, as long as the field is. */
interface FacetRows {
  codeOf: ReadonlyMap<string, number>;
  /** Positions in `codes`, by code. */
  positions: Grouping;
  /** (codes) the row of each position */
  rowOf: Uint32Array;
}

const made = new WeakMap<FacetField, FacetRows>();

function facetRowsOf(field: FacetField): FacetRows {
  let rows = made.get(field);
  if (rows === undefined) {
    const { values, offsets, codes } = field;
    const rowOf = new Uint32Array(codes.length);
    for (let row = 0; row + 1 < offsets.length; row++) rowOf.fill(row, offsets[row], offsets[row + 1]);
    rows = {
      codeOf: new Map(values.map((value, code) => [value, code])),
      positions: groupItems(codes, values.length),
      rowOf,
    };
    made.set(field, rows);
  }
  return rows;
}

/** Calls back with each row that has one of the values, perhaps more than once. A path takes in all below it. */
export function visitRowsWith(field: FacetField, wanted: readonly string[], visit: (row: number) => void): void {
  const { codeOf, positions, rowOf } = facetRowsOf(field);
  const codes = new Set<number>();
  for (const value of wanted) {
    const code = codeOf.get(value);
    if (code !== undefined) codes.add(code);
  }
  if (field.isPath) {
    // There may be thousands of paths, and as many are wanted.
    const above = new Set(wanted);
    field.values.forEach((value, code) => {
      if (ancestorsOf(value).some((path) => above.has(path))) codes.add(code);
    });
  }
  for (const code of codes) {
    for (let i = positions.offsets[code]; i < positions.offsets[code + 1]; i++) visit(rowOf[positions.items[i]]);
  }
}

/** How many rows have each value. (values) */
export function rowsPerValue(field: FacetField): number[] {
  const { offsets } = facetRowsOf(field).positions;
  return field.values.map((_, code) => offsets[code + 1] - offsets[code]);
}

import type { Catalogue, Field } from './catalogue.ts';
import { rowsPerValue } from './facet-rows.ts';

/** What a field of the catalogue holds, for whoever writes a filter. */
export interface FieldDescription {
  name: string;
  type: Field['type'];
  /** Products that have a value. */
  products: number;
  /** Of numbers; left out where no product has one. */
  min?: number;
  max?: number;
  /** Of a facet: one value takes in those below it. */
  isPath?: boolean;
  /** Of a facet: how many different values there are, and the most frequent, equally frequent ones by name. */
  valueCount?: number;
  values?: { value: string; products: number }[];
}

/** @param mostValues of each facet. */
export function describeFields(
  { fields }: Catalogue,
  names: readonly string[],
  mostValues: number,
): FieldDescription[] {
  return names.map((name) => describeField(name, fields.get(name)!, mostValues));
}

function describeField(name: string, field: Field, mostValues: number): FieldDescription {
  const { type } = field;
  if (type === 'number') return { name, type, ...rangeOf(field.values) };
  const products = rowsWithValue(field.offsets);
  if (type === 'text') return { name, type, products };
  const values = rowsPerValue(field)
    .map((count, code) => ({ value: field.values[code], products: count }))
    .filter((entry) => entry.products > 0)
    .sort((a, b) => b.products - a.products || (a.value < b.value ? -1 : 1));
  return { name, type, products, isPath: field.isPath, valueCount: values.length, values: values.slice(0, mostValues) };
}

function rangeOf(values: Float64Array): { products: number; min?: number; max?: number } {
  let [products, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    products++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return products === 0 ? { products } : { products, min, max };
}

function rowsWithValue(offsets: Uint32Array): number {
  let rows = 0;
  for (let row = 0; row + 1 < offsets.length; row++) if (offsets[row] < offsets[row + 1]) rows++;
  return rows;
}

import { InputError } from '../errors.ts';
import { Bitset } from '../numeric/bitset.ts';
import { type Catalogue, type FacetField, type Field, isWithin, type NumberField, valuesAt } from './catalogue.ts';
import { type Bound, type Condition, type Filter, type FilterValue, isOneOf } from './filter.ts';

/**
 * The rows of the catalogue that pass a filter. A row without a field passes no condition on it, and so passes its NOT.
 * The same holds for a value of the query product that it does not have, or where there is no query product.
 *
 * @param queryRow the query product's row, for its own values; undefined when there is none.
 * @throws InputError for a field that the catalogue does not have, or that is compared as another type than its own.
 */
export function passingRows(catalogue: Catalogue, filter: Filter, queryRow: number | undefined): Bitset {
  if ('and' in filter) {
    return filter.and
      .map((part) => passingRows(catalogue, part, queryRow))
      .reduce((passing, part) => passing.intersect(part));
  }
  if ('or' in filter) {
    return filter.or
      .map((part) => passingRows(catalogue, part, queryRow))
      .reduce((passing, part) => passing.unite(part));
  }
  if ('not' in filter) return passingRows(catalogue, filter.not, queryRow).invert();
  return rowsWhere(catalogue, filter, queryRow);
}

function rowsWhere(catalogue: Catalogue, condition: Condition, queryRow: number | undefined): Bitset {
  const field = fieldOf(catalogue, condition.field);
  const ownValues = (name: string) => (queryRow === undefined ? [] : valuesAt(fieldOf(catalogue, name), queryRow));
  const passing = new Bitset(catalogue.productIds.length);
  if (!isOneOf(condition)) {
    const { field: name, ...bounds } = condition;
    return addWithin(numberField(field, name), boundsOf(bounds, ownValues), passing);
  }
  const wanted = condition.in.flatMap((value) => textsOf(value, ownValues));
  if (field.type === 'facet') return addOneOf(field, wanted, passing);
  const numbers = new Set(wanted.map(Number));
  const { values } = numberField(field, condition.field);
  for (let row = 0; row < values.length; row++) if (numbers.has(values[row])) passing.add(row);
  return passing;
}

function addOneOf({ values, isPath, offsets, codes }: FacetField, wanted: readonly string[], passing: Bitset): Bitset {
  const isWanted = new Uint8Array(values.length);
  const exact = new Set(wanted);
  values.forEach((value, code) => {
    if (exact.has(value) || (isPath && wanted.some((path) => isWithin(value, path)))) isWanted[code] = 1;
  });
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let i = offsets[row]; i < offsets[row + 1]; i++) if (isWanted[codes[i]] === 1) passing.add(row);
  }
  return passing;
}

interface Interval {
  from: number;
  to: number;
  includesFrom: boolean;
  includesTo: boolean;
}

function addWithin({ values }: NumberField, interval: Interval | undefined, passing: Bitset): Bitset {
  if (interval === undefined) return passing;
  const { from, to, includesFrom, includesTo } = interval;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if ((includesFrom ? value >= from : value > from) && (includesTo ? value <= to : value < to)) passing.add(row);
  }
  return passing;
}

type Bounds = Partial<Record<'gt' | 'gte' | 'lt' | 'lte', Bound>>;

/** @returns undefined where the query product lacks a value that is asked for. */
function boundsOf(
  { gt, gte, lt, lte }: Bounds,
  ownValues: (field: string) => (string | number)[],
): Interval | undefined {
  const [above, below] = [gt ?? gte, lt ?? lte];
  const from = above === undefined ? Number.NEGATIVE_INFINITY : numberOf(above, ownValues);
  const to = below === undefined ? Number.POSITIVE_INFINITY : numberOf(below, ownValues);
  if (from === undefined || to === undefined) return undefined;
  return { from, to, includesFrom: gt === undefined, includesTo: lt === undefined };
}

function numberOf(bound: Bound, ownValues: (field: string) => (string | number)[]): number | undefined {
  if (typeof bound === 'number') return bound;
  const [value] = ownValues(bound.own);
  return typeof value === 'number' ? value * (bound.times ?? 1) : undefined;
}

function textsOf(value: FilterValue, ownValues: (field: string) => (string | number)[]): string[] {
  return typeof value === 'string' ? [value] : ownValues(value.own).map(String);
}

function fieldOf({ fields }: Catalogue, name: string): Field {
  const field = fields.get(name);
  if (field !== undefined) return field;
  throw new InputError(`The catalogue has no field ${JSON.stringify(name)}; it has ${[...fields.keys()].join(', ')}.`);
}

function numberField(field: Field, name: string): NumberField {
  if (field.type === 'number') return field;
  const hint =
    field.type === 'facet' ? `compare it with a value, as in ${name}:VALUE` : 'it is only shown, not compared';
  throw new InputError(`The catalogue's field ${JSON.stringify(name)} holds no numbers: ${hint}.`);
}

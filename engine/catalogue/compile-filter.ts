import { InputError } from '../errors.ts';
import { Bitset } from '../numeric/bitset.ts';
import { type Catalogue, type FacetField, type Field, type NumberField, valuesAt } from './catalogue.ts';
import { ConditionCache } from './condition-cache.ts';
import { visitRowsWith } from './facet-rows.ts';
import { storedValue } from './feed-fields.ts';
import { type Bound, type Condition, type Filter, type FilterValue, isOneOf } from './filter.ts';
import { type Interval, rowsWithin } from './number-rows.ts';

/**
 * The rows of the catalogue that pass a filter. A row without a field passes no condition on it, and so passes its NOT.
 * The same holds for a value of the query product that it does not have, or where there is no query product.
 *
 * Conditions on values are computed once a catalogue and kept, see `ConditionCache`; one on the query product's own value is
 * kept as what it comes down to.
 *
 * @param queryRow the query product's row, for its own values; undefined when there is none.
 * @returns a set that is the caller's own.
 * @throws InputError for a field that the catalogue does not have, or that is compared as another type than its own.
 */
export function passingRows(catalogue: Catalogue, filter: Filter, queryRow: number | undefined): Bitset {
  const cache = cacheOf(catalogue);
  return own(filter);

  function own(part: Filter): Bitset {
    if ('and' in part) return part.and.slice(1).reduce((rows, next) => rows.intersect(shared(next)), own(part.and[0]));
    if ('or' in part) return part.or.slice(1).reduce((rows, next) => rows.unite(shared(next)), own(part.or[0]));
    return 'not' in part ? own(part.not).invert() : shared(part).copy();
  }

  function shared(part: Filter): Bitset {
    return 'and' in part || 'or' in part || 'not' in part ? own(part) : rowsWhere(catalogue, part, queryRow, cache);
  }
}

const caches = new WeakMap<Catalogue, ConditionCache>();

function cacheOf(catalogue: Catalogue): ConditionCache {
  let cache = caches.get(catalogue);
  if (cache === undefined) {
    cache = new ConditionCache();
    caches.set(catalogue, cache);
  }
  return cache;
}

function rowsWhere(
  catalogue: Catalogue,
  condition: Condition,
  queryRow: number | undefined,
  cache: ConditionCache,
): Bitset {
  const field = fieldOf(catalogue, condition.field);
  const ownValues = (name: string) => (queryRow === undefined ? [] : valuesAt(fieldOf(catalogue, name), queryRow));
  const rows = catalogue.productIds.length;
  if (!isOneOf(condition)) {
    const { field: name, ...bounds } = condition;
    const numbers = numberField(field, name);
    const interval = boundsOf(bounds, ownValues);
    // Hardly two products share a price, and what is quick to find is not kept.
    return interval === undefined ? new Bitset(rows) : rowsWithin(numbers, interval);
  }
  const texts = condition.in.flatMap((value) => textsOf(value, ownValues));
  const wanted = field.type === 'facet' ? texts.map((text) => storedValue(condition.field, text)) : texts;
  const compute =
    field.type === 'facet'
      ? () => rowsWithOneOf(field, wanted, rows)
      : rowsEqualTo(numberField(field, condition.field), wanted);
  return cache.get(JSON.stringify([condition.field, 'in', ...wanted]), compute);
}

function rowsWithOneOf(field: FacetField, wanted: readonly string[], rows: number): Bitset {
  const passing = new Bitset(rows);
  visitRowsWith(field, wanted, (row) => passing.add(row));
  return passing;
}

function rowsEqualTo({ values }: NumberField, wanted: readonly string[]): () => Bitset {
  return () => {
    // A row without a value has NaN, and so has a text that is no number, such as the query product's own brand.
    const numbers = new Set(wanted.map(Number).filter((number) => !Number.isNaN(number)));
    const passing = new Bitset(values.length);
    for (let row = 0; row < values.length; row++) if (numbers.has(values[row])) passing.add(row);
    return passing;
  };
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

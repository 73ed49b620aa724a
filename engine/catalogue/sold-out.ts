import type { FieldTypes } from './field-use.ts';
import { type Filter, fieldsOf } from './filter.ts';

const AVAILABILITY = 'availability';
/** A feed's "sold out" and "discontinued" are `out_of_stock`, too: see `feed-values.ts`. */
const NOT_SOLD_OUT: Filter = { not: { field: AVAILABILITY, in: ['out_of_stock'] } };

/**
 * What leaves sold-out products out beside a filter. @returns undefined when nothing does: the filter speaks of availability
 * itself, or the catalogue does not.
 */
export function notSoldOut(filter: Filter | undefined, fields: FieldTypes): Filter | undefined {
  if (fields.get(AVAILABILITY)?.type !== 'facet') return undefined;
  return filter !== undefined && fieldsOf(filter).has(AVAILABILITY) ? undefined : NOT_SOLD_OUT;
}

/** The filter, and unless it speaks of availability itself: nothing that is sold out. */
export function withoutSoldOut(filter: Filter | undefined, fields: FieldTypes): Filter | undefined {
  const inStock = notSoldOut(filter, fields);
  return filter === undefined || inStock === undefined ? (filter ?? inStock) : { and: [filter, inStock] };
}

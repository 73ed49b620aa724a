import type { FieldTypes } from '../catalogue/field-use.ts';
import { type Condition, type Filter, readFilter } from '../catalogue/filter.ts';
import { FilterError } from '../catalogue/filter-error.ts';
import { formatFilter } from '../catalogue/format-filter.ts';
import { InputError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';

export function conditionsOf(filter: Filter): Condition[] {
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  if ('or' in filter) return filter.or.flatMap(conditionsOf);
  return 'not' in filter ? conditionsOf(filter.not) : [filter];
}

/**
 * A file is read without a catalogue, and asked with one.
 *
 * @throws InputError quoting the condition that a request with the same filter would be refused for.
 */
export function requireAnswerable(filter: Filter, fields: FieldTypes): void {
  for (const condition of conditionsOf(filter)) {
    try {
      readFilter(condition, fields);
    } catch (cause) {
      if (!(cause instanceof FilterError)) throw cause;
      const { found, allowed, unknownField } = cause.fault;
      const nearest = unknownField && nearestName(unknownField.name, unknownField.known);
      const hint = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
      const message = `In ${formatFilter(condition)}, found ${found}; allowed is ${allowed}.${hint}`;
      throw new InputError(message, { cause });
    }
  }
}

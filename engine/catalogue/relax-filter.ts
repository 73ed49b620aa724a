import type { Filter } from './filter.ts';

/**
 * The filter without its conditions on some fields: each of them is taken as met, or as not met under a NOT, so that
 * whatever passed before still passes.
 *
 * @returns undefined when everything passes.
 */
export function relaxFilter(filter: Filter, fields: ReadonlySet<string>): Filter | undefined {
  const relaxed = relax(filter, fields, true);
  return typeof relaxed === 'boolean' ? undefined : relaxed;
}

/** @param met what a condition on one of the fields becomes. @returns a boolean when nothing is left to be asked. */
function relax(filter: Filter, fields: ReadonlySet<string>, met: boolean): Filter | boolean {
  if ('and' in filter) {
    const parts = filter.and.map((part) => relax(part, fields, met)).filter((part) => part !== true);
    if (parts.includes(false)) return false;
    const left = parts as Filter[];
    return left.length === 0 ? true : left.length === 1 ? left[0] : { and: left };
  }
  if ('or' in filter) {
    const parts = filter.or.map((part) => relax(part, fields, met)).filter((part) => part !== false);
    if (parts.includes(true)) return true;
    const left = parts as Filter[];
    return left.length === 0 ? false : left.length === 1 ? left[0] : { or: left };
  }
  if ('not' in filter) {
    const inside = relax(filter.not, fields, !met);
    return typeof inside === 'boolean' ? !inside : { not: inside };
  }
  return fields.has(filter.field) ? met : filter;
}

import { type Filter, readFilter } from '../../engine/catalogue/filter.ts';
import { FilterError } from '../../engine/catalogue/filter-error.ts';
import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { parseFilter } from '../../engine/catalogue/parse-filter.ts';
import { nearestName } from '../../engine/nearest-name.ts';
import { RequestError, type Violation } from '../shared/http/problem.ts';

/** A filter in either form. */
export type FilterInput = string | Record<string, unknown>;

/** @throws RequestError 400 that points at what is wrong, and names the field that may have been meant. */
export function readFilterFor({ catalogue }: JoinedCatalogue, given: FilterInput, where: Violation['in']): Filter {
  try {
    return typeof given === 'string' ? parseFilter(given, catalogue.fields) : readFilter(given, catalogue.fields);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { found, place, allowed, unknownField } = error.fault;
    const nearest = unknownField && nearestName(unknownField.name, unknownField.known);
    throw new RequestError(
      'invalid-request',
      nearest === undefined ? error.message : `${error.message} Did you mean "${nearest}"?`,
      {
        violations: [
          {
            in: where,
            field: 'filter',
            found: `${found} ${place}`,
            allowed,
            ...(nearest !== undefined && { nearest }),
          },
        ],
      },
    );
  }
}

/**
 * Reads lists of names in a query, `price,brand`: a text that is itself a name stands for it, and any other is cut at its
 * commas.
 *
 * @param known what may be named. @throws RequestError 400 that names the nearest known one.
 */
export function readNames(
  parameter: string,
  texts: readonly string[],
  known: readonly string[],
  where: Violation['in'],
): string[] {
  const names = texts.flatMap((text) => (known.includes(text) ? [text] : text.split(',').map((name) => name.trim())));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  const nearest = nearestName(unknown, known);
  const found = JSON.stringify(unknown.slice(0, 80));
  const allowed = known.length === 0 ? 'none: there is nothing to name' : `one of ${known.join(', ')}`;
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new RequestError('invalid-request', `"${parameter}": found ${found}; allowed is ${allowed}.${hint}`, {
    violations: [{ in: where, field: parameter, found, allowed, ...(nearest !== undefined && { nearest }) }],
  });
}

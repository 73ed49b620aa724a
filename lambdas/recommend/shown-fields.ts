import * as z from 'zod';
import { valuesAt } from '../../engine/catalogue/catalogue.ts';
import { MERCHANT_FIELDS } from '../../engine/catalogue/feed-fields.ts';
import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import type { Violation } from '../shared/http/problem.ts';
import { type LiveData, requireCatalogue } from './live-data.ts';
import { readNames } from './read-filter.ts';

const ALL_FIELDS = '*';
const MAX_FIELDS = 100;

/** What the catalogue says of a product. */
export const shownFields = z
  .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
  .meta({ id: 'CatalogueFields' })
  .describe('with `fields` only: one value as text or number, several as a list; a field without a value is left out');

/**
 * A field of Merchant Center that the catalogue lacks is one that no product has: a page outlives a feed without it.
 *
 * @throws RequestError 400 for an unknown field, 409 without a catalogue. @returns names of fields; none are asked: none.
 */
export function readFields(data: LiveData, asked: readonly string[], where: Violation['in']): string[] {
  if (asked.length === 0) return [];
  const { catalogue } = requireCatalogue(data, 'fields');
  const known = [...catalogue.fields.keys()];
  const parts = asked.flatMap((text) => (known.includes(text) ? [text] : text.split(',')));
  const others = parts.filter((part) => part.trim() !== ALL_FIELDS);
  // Beside `*`, too, a name may be misspelt.
  const named = readNames('fields', others, [...new Set([...known, ...MERCHANT_FIELDS])], where);
  return others.length < parts.length ? known : named;
}

export function fieldsOfProduct(
  { catalogue }: JoinedCatalogue,
  names: readonly string[],
  row: number,
): z.output<typeof shownFields> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = catalogue.fields.get(name);
      const values = field === undefined ? [] : valuesAt(field, row);
      return values.length === 0 ? [] : [[name, values.length === 1 ? values[0] : (values as string[])]];
    }),
  );
}

export const FIELDS_LIMIT = MAX_FIELDS;

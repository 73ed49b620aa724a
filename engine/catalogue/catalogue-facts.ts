import * as z from 'zod';
import type { Catalogue, Field } from './catalogue.ts';

const count = z.int().min(0);

/** What a catalogue holds, in figures: kept with it, and compared with the next one's. */
export const catalogueFactsSchema = z.object({
  products: count,
  withTitle: count,
  withPrice: count,
  withImage: count,
  /** Products whose availability is said. */
  withAvailability: count,
  /** Of these, those that are not out of stock. */
  available: count,
  /** Of all prices, whatever their currency; null without any. */
  medianPrice: z.number().nullable(),
  /** Products by the currency of their price. */
  currencies: z.record(z.string(), count),
  /** Names of the fields. */
  fields: z.array(z.string()),
});
export type CatalogueFacts = z.infer<typeof catalogueFactsSchema>;

export function factsOf({ size, fields }: Catalogue): CatalogueFacts {
  const availability = fields.get('availability');
  const withAvailability = filledRows(availability);
  const soldOut = availability === undefined ? 0 : (countsOf(availability)['out_of_stock'] ?? 0);
  const currency = fields.get('currency');
  return {
    products: size,
    withTitle: filledRows(fields.get('title')),
    withPrice: filledRows(fields.get('price')),
    withImage: filledRows(fields.get('image_link')),
    withAvailability,
    available: withAvailability - soldOut,
    medianPrice: medianOf(fields.get('price')),
    currencies: currency === undefined ? {} : countsOf(currency),
    fields: [...fields.keys()],
  };
}

function filledRows(field: Field | undefined): number {
  if (field === undefined) return 0;
  let filled = 0;
  if (field.type === 'number') for (const value of field.values) filled += Number.isNaN(value) ? 0 : 1;
  else for (let row = 1; row < field.offsets.length; row++) if (field.offsets[row] > field.offsets[row - 1]) filled++;
  return filled;
}

/** Most shops have a handful of currencies; a column that is none is not worth a page of them. */
const MOST_NAMES = 20;

function countsOf(field: Field): Record<string, number> {
  if (field.type !== 'facet') return {};
  const counts = new Uint32Array(field.values.length);
  for (const code of field.codes) counts[code]++;
  const sorted = field.values.map((value, code) => ({ value, count: counts[code] })).sort((a, b) => b.count - a.count);
  return Object.fromEntries(sorted.slice(0, MOST_NAMES).map(({ value, count }) => [value, count]));
}

function medianOf(field: Field | undefined): number | null {
  if (field?.type !== 'number') return null;
  const values = field.values.filter((value) => !Number.isNaN(value)).sort();
  return values.length === 0 ? null : values[values.length >>> 1];
}

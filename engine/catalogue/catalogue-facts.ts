import quickselect from 'quickselect';
import * as z from 'zod';
import { type Catalogue, type Field, hasValueAt } from './catalogue.ts';

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
  /** What each field holds that a product has a value of. Absent in what earlier releases wrote, or with empty fields, too. */
  types: z.record(z.string(), z.enum(['number', 'facet', 'text'])).optional(),
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
    types: Object.fromEntries(
      [...fields].filter(([, field]) => filledRows(field) > 0).map(([name, { type }]) => [name, type]),
    ),
  };
}

function filledRows(field: Field | undefined): number {
  if (field === undefined) return 0;
  const rows = field.type === 'number' ? field.values.length : field.offsets.length - 1;
  let filled = 0;
  for (let row = 0; row < rows; row++) if (hasValueAt(field, row)) filled++;
  return filled;
}

/** Most shops have a handful of currencies; a column that is none is not worth a page of them. */
const MOST_NAMES = 20;

function countsOf(field: Field): Record<string, number> {
  if (field.type !== 'facet') return {};
  const counts = new Uint32Array(field.values.length);
  const { codes } = field;
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  const sorted = field.values.map((value, code) => ({ value, count: counts[code] })).sort((a, b) => b.count - a.count);
  return Object.fromEntries(sorted.slice(0, MOST_NAMES).map(({ value, count }) => [value, count]));
}

function medianOf(field: Field | undefined): number | null {
  if (field?.type !== 'number') return null;
  const values = new Float64Array(field.values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(field.values[row])) values[count++] = field.values[row];
  }
  if (count === 0) return null;
  const middle = count >>> 1;
  // Of a million prices, sorting takes four times as long. Its types know arrays alone.
  quickselect(values as unknown as number[], middle, 0, count - 1);
  return values[middle];
}

import type { PatchCounts } from '../../engine/catalogue/apply-patch.ts';
import type { CatalogueBuilder } from '../../engine/catalogue/build-catalogue.ts';
import type { Catalogue, Field } from '../../engine/catalogue/catalogue.ts';
import type { CatalogueFacts } from '../../engine/catalogue/catalogue-facts.ts';
import { quoted } from '../../engine/catalogue/feed-fields.ts';
import { firstNameIn } from '../../engine/catalogue/field-builders.ts';
import { LATIN_1_HINT } from '../../engine/clicks/explain-reading.ts';

export interface NotedFeed {
  catalogue: Catalogue;
  facts: CatalogueFacts;
  /** Of the live catalogue. */
  before: CatalogueFacts | undefined;
  repeatedIds: number;
  /** Rejected rows that are not UTF-8. */
  notUtf8Rows: number;
  doubtfulPrices: CatalogueBuilder['doubtfulPrices'];
  /** Columns that are not kept. */
  leftOut: readonly string[];
  changes: PatchCounts | undefined;
}

/** What a person should know of a feed that went well. */
export function notesOf(feed: NotedFeed): string[] {
  const { catalogue, facts, before, repeatedIds, notUtf8Rows, doubtfulPrices, leftOut, changes } = feed;
  const notes: string[] = [];
  for (const { column, count, id, text, value } of doubtfulPrices) {
    notes.push(
      `Values of ${column} that may be read in two ways, since the others do not tell whether "." or "," is the decimal sign: ${counted(count)}. ${quoted(text)} of product ${quoted(id)} is taken for ${value}, and others likewise.`,
    );
  }
  for (const [name, field] of catalogue.fields) {
    const was = before?.types?.[name];
    if (was !== undefined && was !== field.type) notes.push(typeNote(name, was, field));
  }
  const currencies = Object.entries(facts.currencies);
  if (currencies.length > 1) {
    const list = currencies.map(([currency, products]) => `${currency} (${counted(products)})`).join(', ');
    notes.push(`Prices are in several currencies, ${list}: filters compare the numbers as they are.`);
  }
  if (repeatedIds > 0) {
    notes.push(`Rows whose id comes again further down: ${counted(repeatedIds)}. The last one counts.`);
  }
  if (notUtf8Rows > 0) {
    notes.push(`Rows that are left out, since they are not UTF-8: ${counted(notUtf8Rows)}. ${LATIN_1_HINT}`);
  }
  if (leftOut.length > 0) {
    const are = leftOut.length === 1 ? 'is' : 'are';
    notes.push(
      `${leftOut.join(', ')} ${are} not kept: the API has all of a catalogue in memory, and no filter or list needs ${leftOut.length === 1 ? 'it' : 'them'}.`,
    );
  }
  if (facts.withAvailability === 0) {
    notes.push('No product has an availability: what is sold out is recommended as well.');
  }
  if (facts.withTitle === 0) notes.push('No product has a title: pages have to know what a product is called.');
  if (changes !== undefined) {
    const cleared = Object.entries(changes.cleared).map(([field, count]) => `${field} (${counted(count)})`);
    if (cleared.length > 0) {
      notes.push(`Values went, since the feed says that there are none any more: ${cleared.join(', ')}.`);
    }
    if (changes.unknownDeletions > 0) {
      notes.push(`Products to delete that were not in the catalogue: ${counted(changes.unknownDeletions)}.`);
    }
  }
  return notes;
}

const HELD: Record<Field['type'], string> = { number: 'numbers', facet: 'names', text: 'text that is only shown' };

/** Filters and rules are written for what a field holds. */
function typeNote(name: string, was: Field['type'], field: Field): string {
  const change = `${name} holds ${HELD[field.type]}, where the live catalogue has ${HELD[was]}`;
  if (was !== 'number' || field.type === 'number') {
    return `${change}: look at the filters and rules that name it.`;
  }
  const stray = firstNameIn(field);
  const reason = stray === undefined ? 'some products have several' : `${quoted(stray)} is no number`;
  return `${change}, since ${reason}: filters and rules that compare it with a number fail until the feed is corrected.`;
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

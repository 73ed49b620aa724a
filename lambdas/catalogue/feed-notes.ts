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
  /** Field → products of which an earlier row has a value, and the last one has none. */
  overwrittenValues: ReadonlyMap<string, number>;
  /** Rejected rows that are not UTF-8. */
  notUtf8Rows: number;
  doubtfulPrices: CatalogueBuilder['doubtfulPrices'];
  /** Columns that are not kept. */
  leftOut: readonly string[];
  changes: PatchCounts | undefined;
}

/** What a person should know of a feed that went well. */
export function notesOf(feed: NotedFeed): string[] {
  const { catalogue, facts, before, repeatedIds, overwrittenValues, notUtf8Rows, doubtfulPrices, leftOut, changes } =
    feed;
  const notes: string[] = [];
  for (const { column, count, id, text, value } of doubtfulPrices) {
    notes.push(
      `Values of ${column} that may be read in two ways, since the others do not tell whether "." or "," is the decimal sign: ${counted(count)}. ${quoted(text)} of product ${quoted(id)} is taken for ${value}, and others likewise.`,
    );
  }
  if (before !== undefined) notes.push(...notesOfChange(catalogue, facts, before));
  const currencies = Object.entries(facts.currencies);
  if (currencies.length > 1) {
    notes.push(
      `Prices are in several currencies, ${countedEach(currencies)}: filters compare the numbers as they are.`,
    );
  }
  if (repeatedIds > 0) {
    const lacks = countedEach([...overwrittenValues]);
    const loss =
      overwrittenValues.size === 0
        ? ''
        : ` It lacks what an earlier one has, by products: ${lacks}. Give each product one row with all of it; if the rows are variants, name the column of their own ids with --id, and this one with --item-group-id.`;
    notes.push(`Rows whose id comes again further down: ${counted(repeatedIds)}. The last one counts.${loss}`);
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
    const cleared = Object.entries(changes.cleared);
    if (cleared.length > 0) {
      notes.push(`Values went, since the feed says that there are none any more: ${countedEach(cleared)}.`);
    }
    const nameless = addedWithoutTitle(facts, before, changes);
    if (nameless > 0) {
      notes.push(
        `Products that were added without a title: ${counted(nameless)}. If the feed was to change products that are there: are its ids the same?`,
      );
    }
    if (changes.unknownDeletions > 0) {
      notes.push(`Products to delete that were not in the catalogue: ${counted(changes.unknownDeletions)}.`);
    }
  }
  return notes;
}

/** At least so many: where products without one went at the same time, they are not told apart. */
function addedWithoutTitle(
  facts: CatalogueFacts,
  before: CatalogueFacts | undefined,
  { added, cleared }: PatchCounts,
): number {
  if (before === undefined || before.withTitle === 0) return 0;
  const more = facts.products - facts.withTitle - (before.products - before.withTitle) - (cleared['title'] ?? 0);
  return Math.max(0, Math.min(added, more));
}

/** What filters, rules and pages that were made for the live catalogue no longer find as it was. */
function notesOfChange(catalogue: Catalogue, facts: CatalogueFacts, before: CatalogueFacts): string[] {
  const notes: string[] = [];
  const gone: string[] = [];
  // A column may be called "constructor".
  const types = new Map(Object.entries(facts.types ?? {}));
  for (const [name, was] of Object.entries(before.types ?? {})) {
    const is = types.get(name);
    if (is === undefined) gone.push(name);
    else if (was !== is) notes.push(typeNote(name, was, catalogue.fields.get(name)!));
  }
  if (gone.length > 0) {
    notes.push(
      `Fields of the live catalogue that no product has any more: ${gone.join(', ')}. Filters and rules that name them find nothing or are not applied, and requests that name them may be refused.`,
    );
  }
  const [were, are] = [before, facts].map(({ currencies }) => Object.keys(currencies));
  if (were.length > 0 && are.length > 0 && !are.some((currency) => were.includes(currency))) {
    notes.push(
      `Prices are in ${are.join(', ')}, where those of the live catalogue are in ${were.join(', ')}: look at the filters and rules that compare them with a number.`,
    );
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

function countedEach(counts: readonly (readonly [name: string, count: number])[]): string {
  return counts.map(([name, count]) => `${name} (${counted(count)})`).join(', ');
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

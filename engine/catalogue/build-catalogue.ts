import { type IdFault, idFaultOf } from '../clicks/id-rules.ts';
import { InputError } from '../errors.ts';
import type { Bitset } from '../numeric/bitset.ts';
import type { FeedPatch } from './apply-patch.ts';
import { type Catalogue, type Field, hasValueAt, newCatalogue } from './catalogue.ts';
import { FeedColumns, ID_FIELD } from './feed-columns.ts';
import { type FieldReading, quoted, readingOf, shortened, UNUSED_FIELDS } from './feed-fields.ts';
import { type Cell, currencyOf, textsOf } from './feed-values.ts';
import { FacetBuilder, type FieldBuilder, GuessedBuilder } from './field-builders.ts';
import { type DoubtfulPrices, PriceBuilder } from './price-builder.ts';
import { RowMarks } from './row-marks.ts';
import { selectRows } from './select-rows.ts';
import { DELETED, type SettledRows, settleRows } from './settle-rows.ts';

/** Why a row of a feed cannot be used. */
export interface RowFault {
  column: string;
  reason: string;
}

interface NamedCell {
  /** Position in a row. */
  cell: number;
  column: string;
  field: string;
}

interface Column extends NamedCell {
  reading: FieldReading;
  builder: FieldBuilder;
  /** Rows that say nothing of it. */
  unsaid: RowMarks;
}

const CURRENCY_FIELD = 'currency';

/** Makes a catalogue, or a change of one, of a feed's rows, one after the other. */
export class CatalogueBuilder {
  readonly #columns: Column[];
  readonly #id: NamedCell;
  readonly #action: NamedCell | undefined;
  readonly #deletesAll: boolean;
  /** Of prices that say their currency, where no column does. */
  readonly #currency: { cell: number; builder: FacetBuilder; unsaid: RowMarks } | undefined;
  readonly #isDelta: boolean;
  /** Of the rows that were taken, and where each stands in the builders, or `DELETED`. */
  readonly #ids: string[] = [];
  readonly #places: number[] = [];
  #rows = 0;
  #settled: SettledRows | undefined;
  /** Columns that are not kept. */
  readonly leftOut: readonly string[];

  /**
   * @param columns of the feed, in the order of the cells; one of them is the id.
   * @throws InputError when two are the same field.
   */
  constructor(columns: readonly string[], feedColumns = new FeedColumns()) {
    const all = columns.flatMap((column, cell) =>
      feedColumns.fieldsOf(column).map((field): NamedCell => ({ cell, column, field })),
    );
    const used = all.filter(({ field }) => !UNUSED_FIELDS.includes(field));
    refuseTwice(used);
    const find = (name: string | undefined) => used.find(({ field }) => field === name);
    this.#id = find(ID_FIELD)!;
    this.#action = find(feedColumns.actionField);
    this.#deletesAll = feedColumns.deletesAll;
    this.#isDelta = feedColumns.kind === 'delta';
    this.leftOut = [...new Set(all.filter((named) => !used.includes(named)).map(({ column }) => column))];
    this.#columns = used
      .filter((named) => named !== this.#id && named !== this.#action)
      .map((named) => {
        const reading = readingOf(named.field);
        return { ...named, reading, builder: reading.newBuilder(), unsaid: new RowMarks() };
      });
    const price = find('price');
    this.#currency =
      price === undefined || find(CURRENCY_FIELD)
        ? undefined
        : { cell: price.cell, builder: new FacetBuilder(), unsaid: new RowMarks() };
  }

  /** @returns why the row cannot be used; undefined when it was taken. */
  add(cells: readonly Cell[]): RowFault | undefined {
    const id = idOf(cells[this.#id.cell]);
    const idFault = idFaultOf(id);
    if (idFault !== undefined) return { column: this.#id.column, reason: ID_FAULTS[idFault](id) };
    const deletes = this.#deletesRow(cells);
    if (typeof deletes !== 'boolean') return deletes;
    if (deletes) {
      this.#place(id, DELETED);
      return undefined;
    }
    const row: (readonly string[])[] = [];
    for (const { cell, column, reading } of this.#columns) {
      const texts = textsOf(cells[cell]);
      const values = reading.read?.(texts) ?? texts;
      if ('reason' in values) return { column, reason: values.reason };
      row.push(values);
    }
    const added = this.#rows++;
    this.#place(id, added);
    this.#columns.forEach(({ cell, builder, unsaid }, i) => {
      builder.add(row[i]);
      if (cells[cell] === undefined) unsaid.add(added);
    });
    if (this.#currency !== undefined) {
      const currencies = currenciesOf(cells[this.#currency.cell]);
      this.#currency.builder.add(currencies);
      if (currencies.length === 0) this.#currency.unsaid.add(added);
    }
    return undefined;
  }

  finish(version: string): Catalogue {
    return this.#finish(version, (builder) => builder.finish());
  }

  /** Of each column of prices, those that may be read in two ways; `id` is the first product's. */
  get doubtfulPrices(): (DoubtfulPrices & { column: string; id: string })[] {
    return this.#columns.flatMap(({ column, builder }) => {
      const doubtful = builder instanceof PriceBuilder ? builder.doubtful : undefined;
      return doubtful === undefined ? [] : { ...doubtful, column, id: this.#ids[this.#places.indexOf(doubtful.row)] };
    });
  }

  /** As a change of a catalogue. What kind the shop's own columns are is decided where all rows are known. */
  finishPatch(version: string): FeedPatch {
    const upserts = this.#finish(version, (builder) =>
      builder instanceof GuessedBuilder ? builder.finishAsNames() : builder.finish(),
    );
    const { rows: kept, deletedIds } = this.#settle();
    const unsaid = new Map<string, Bitset>();
    for (const { field, unsaid: marks } of this.#columns) if (!marks.isEmpty) unsaid.set(field, marks.ofRows(kept));
    if (upserts.fields.has(CURRENCY_FIELD) && this.#currency !== undefined) {
      unsaid.set(CURRENCY_FIELD, this.#currency.unsaid.ofRows(kept));
    }
    return { upserts, unsaid, deletedIds };
  }

  /** Rows whose id comes again further down: the last one counts. */
  get replacedRows(): number {
    return this.#settle().replacedRows;
  }

  /** Field → products of which a row that does not count has a value, and the one that does has none. */
  get overwrittenValues(): ReadonlyMap<string, number> {
    const { replacements } = this.#settle();
    const counts = new Map<string, number>();
    if (replacements.length === 0) return counts;
    for (const { field, builder } of this.#columns) {
      const values = builder instanceof GuessedBuilder ? builder.finishAsNames() : builder.finish();
      const losing = replacements.filter(([replaced, by]) => hasValueAt(values, replaced) && !hasValueAt(values, by));
      if (losing.length > 0) counts.set(field, new Set(losing.map(([, by]) => by)).size);
    }
    return counts;
  }

  #finish(version: string, fieldOf: (builder: FieldBuilder) => Field): Catalogue {
    const { rows: kept, productIds } = this.#settle();
    const keep = (field: Field) => (kept.length === this.#rows ? field : selectRows(field, kept));
    const fields = new Map(this.#columns.map(({ field, builder }) => [field, keep(fieldOf(builder))]));
    if (this.#currency !== undefined && this.#currency.builder.valueCount > 0) {
      fields.set(CURRENCY_FIELD, keep(this.#currency.builder.finish()));
    }
    return newCatalogue(version, productIds, fields);
  }

  #place(id: string, place: number): void {
    this.#settled = undefined;
    this.#ids.push(id);
    this.#places.push(place);
  }

  #settle(): SettledRows {
    this.#settled ??= settleRows(this.#ids, this.#places, this.#isDelta);
    return this.#settled;
  }

  #deletesRow(cells: readonly Cell[]): boolean | RowFault {
    if (this.#action === undefined) return this.#deletesAll;
    const { cell, column } = this.#action;
    const [text] = textsOf(cells[cell]);
    const action = text?.toLowerCase();
    if (action === undefined || UPSERTS.has(action)) return this.#deletesAll;
    if (DELETIONS.has(action)) return true;
    return { column, reason: `${quoted(text)} is no action: upsert or delete` };
  }
}

const UPSERTS = new Set(['upsert', 'insert', 'update', 'add', 'u', 'i']);
const DELETIONS = new Set(['delete', 'remove', 'd']);

const ID_FAULTS: Record<IdFault, (id: string) => string> = {
  empty: () => 'there is no id',
  placeholder: (id) => `${quoted(id)} is a placeholder and no id`,
  list: (id) => `${shortened(id)} is a list or an object and no id`,
  several: (id) => `${quoted(id)} is several ids and not one`,
  rounded: (id) => `${quoted(id)} is a number that a spreadsheet has rounded; export its column as text`,
};

/** A list stays one, even of a single value: none of its values is the id. */
function idOf(cell: Cell): string {
  return Array.isArray(cell) ? JSON.stringify(cell) : (textsOf(cell)[0] ?? '');
}

function currenciesOf(price: Cell): string[] {
  const [text] = textsOf(price);
  const currency = text === undefined ? undefined : currencyOf(text);
  return currency === undefined ? [] : [currency];
}

function refuseTwice(columns: readonly NamedCell[]): void {
  const firstOf = (name: string) => columns.findIndex(({ field }) => field === name);
  const second = columns.find(({ field }, i) => firstOf(field) < i);
  if (second === undefined) return;
  const first = columns[firstOf(second.field)];
  throw new InputError(
    `The feed's columns ${JSON.stringify(first.column)} and ${JSON.stringify(second.column)} are both the field ${JSON.stringify(second.field)}: rename one of them, or drop it.`,
  );
}

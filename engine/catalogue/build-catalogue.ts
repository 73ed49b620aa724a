import { PLACEHOLDER_LIST } from '../clicks/id-rules.ts';
import { InputError } from '../errors.ts';
import type { FeedPatch } from './apply-patch.ts';
import { type Catalogue, type Field, newCatalogue } from './catalogue.ts';
import { FeedColumns, ID_FIELD } from './feed-columns.ts';
import { type FieldReading, quoted, readingOf, UNUSED_FIELDS } from './feed-fields.ts';
import { type Cell, currencyOf, textsOf } from './feed-values.ts';
import { FacetBuilder, type FieldBuilder, GuessedBuilder } from './field-builders.ts';
import { selectRows } from './select-rows.ts';

/** Why a row of a feed cannot be used. */
export interface RowFault {
  column: string;
  reason: string;
}

interface Column {
  /** Position in a row. */
  cell: number;
  column: string;
  field: string;
  reading: FieldReading;
  builder: FieldBuilder;
}

const PLACEHOLDERS = new Set(PLACEHOLDER_LIST);
const CURRENCY_FIELD = 'currency';

/** Makes a catalogue, or a change of one, of a feed's rows, one after the other. */
export class CatalogueBuilder {
  readonly #columns: Column[];
  readonly #idCell: number;
  readonly #idColumn: string;
  readonly #action: { cell: number; column: string } | undefined;
  readonly #deletesAll: boolean;
  /** Of prices that say their currency, where no column does. */
  readonly #currency: { cell: number; builder: FacetBuilder } | undefined;
  readonly #productIds: string[] = [];
  readonly #rowOf = new Map<string, number>();
  readonly #deletedIds = new Set<string>();
  /** Columns that are not kept. */
  readonly leftOut: readonly string[];
  /** Rows whose id comes again further down: the last one counts. */
  replacedRows = 0;

  /**
   * @param columns of the feed, in the order of the cells; one of them is the id.
   * @throws InputError when two are the same field.
   */
  constructor(columns: readonly string[], feedColumns = new FeedColumns()) {
    const fields = columns.map((column) => feedColumns.fieldOf(column));
    refuseTwice(columns, fields);
    this.#idCell = fields.indexOf(ID_FIELD);
    this.#idColumn = columns[this.#idCell];
    const action = feedColumns.actionField === undefined ? -1 : fields.indexOf(feedColumns.actionField);
    this.#action = action < 0 ? undefined : { cell: action, column: columns[action] };
    this.#deletesAll = feedColumns.deletesAll;
    this.leftOut = columns.filter((_, cell) => UNUSED_FIELDS.includes(fields[cell]));
    this.#columns = columns.flatMap((column, cell) => {
      if (cell === this.#idCell || cell === action || UNUSED_FIELDS.includes(fields[cell])) return [];
      const reading = readingOf(fields[cell]);
      return [{ cell, column, field: fields[cell], reading, builder: reading.newBuilder() }];
    });
    const price = fields.indexOf('price');
    this.#currency =
      price < 0 || fields.includes(CURRENCY_FIELD) ? undefined : { cell: price, builder: new FacetBuilder() };
  }

  /** @returns why the row cannot be used; undefined when it was taken. */
  add(cells: readonly Cell[]): RowFault | undefined {
    const [id] = textsOf(cells[this.#idCell]);
    if (id === undefined) return { column: this.#idColumn, reason: 'there is no id' };
    if (PLACEHOLDERS.has(id.toLowerCase())) {
      return { column: this.#idColumn, reason: `${quoted(id)} is a placeholder and no id` };
    }
    const deletes = this.#deletesRow(cells);
    if (typeof deletes !== 'boolean') return deletes;
    if (deletes) {
      this.#forget(id);
      this.#deletedIds.add(id);
      return undefined;
    }
    const row: (readonly string[])[] = [];
    for (const { cell, column, reading } of this.#columns) {
      const texts = textsOf(cells[cell]);
      const values = reading.read?.(texts) ?? texts;
      if ('reason' in values) return { column, reason: values.reason };
      row.push(values);
    }
    this.#forget(id);
    this.#rowOf.set(id, this.#productIds.length);
    this.#productIds.push(id);
    this.#columns.forEach(({ builder }, i) => {
      builder.add(row[i]);
    });
    this.#currency?.builder.add(currenciesOf(cells[this.#currency.cell]));
    return undefined;
  }

  finish(version: string): Catalogue {
    return this.#finish(version, (builder) => builder.finish());
  }

  /** As a change of a catalogue. What kind the shop's own columns are is decided where all rows are known. */
  finishPatch(version: string): FeedPatch {
    const upserts = this.#finish(version, (builder) =>
      builder instanceof GuessedBuilder ? builder.finishAsNames() : builder.finish(),
    );
    return { upserts, deletedIds: wholeNumbers([...this.#deletedIds]) };
  }

  #finish(version: string, fieldOf: (builder: FieldBuilder) => Field): Catalogue {
    const kept = Int32Array.from(this.#rowOf.values()).sort();
    const keep = (field: Field) => (kept.length === this.#productIds.length ? field : selectRows(field, kept));
    const productIds = wholeNumbers(Array.from(kept, (row) => this.#productIds[row]));
    const fields = new Map(this.#columns.map(({ field, builder }) => [field, keep(fieldOf(builder))]));
    if (this.#currency !== undefined && this.#currency.builder.valueCount > 0) {
      fields.set(CURRENCY_FIELD, keep(this.#currency.builder.finish()));
    }
    return newCatalogue(version, productIds, fields);
  }

  #forget(id: string): void {
    if (this.#rowOf.delete(id)) this.replacedRows++;
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

function currenciesOf(price: Cell): string[] {
  const [text] = textsOf(price);
  const currency = text === undefined ? undefined : currencyOf(text);
  return currency === undefined ? [] : [currency];
}

/** `1207.0` is 1207 where all ids are whole numbers, as in a clickstream (`engine/clicks/id-rules.ts`). */
function wholeNumbers(ids: string[]): string[] {
  if (!ids.some((id) => id.endsWith('.0')) || !ids.every((id) => /^-?\d+(\.0)?$/.test(id))) return ids;
  const whole = ids.map((id) => id.replace(/\.0$/, ''));
  return new Set(whole).size === whole.length ? whole : ids;
}

function refuseTwice(columns: readonly string[], fields: readonly string[]): void {
  const second = fields.findIndex((field, i) => fields.indexOf(field) !== i);
  if (second < 0) return;
  const first = fields.indexOf(fields[second]);
  throw new InputError(
    `The feed's columns ${JSON.stringify(columns[first])} and ${JSON.stringify(columns[second])} are both the field ${JSON.stringify(fields[second])}: rename one of them, or drop it.`,
  );
}

import { InputError } from '../errors.ts';
import type { Catalogue, Field } from './catalogue.ts';
import { FeedColumns, ID_FIELD } from './feed-columns.ts';
import { availabilityOf, type Cell, isLink, pathOf, priceOf, textsOf } from './feed-values.ts';
import { FacetBuilder, type FieldBuilder, GuessedBuilder, NumberBuilder, TextBuilder } from './field-builders.ts';
import { selectRows } from './select-rows.ts';

/** Why a row of a feed cannot be used. */
export interface RowFault {
  column: string;
  reason: string;
}

/** How a field is read: its cell's texts become its values, or a reason why they cannot. */
interface Reading {
  newBuilder(): FieldBuilder;
  read?(texts: readonly string[]): readonly string[] | { reason: string };
}

const LINK: Reading = {
  newBuilder: () => new TextBuilder(),
  read: (texts) => checked(texts.slice(0, 1), isLink, 'is no link: http(s)://… or a path on the shop such as /p/1'),
};
const PRICE: Reading = { newBuilder: () => new NumberBuilder(), read: amounts };
const TEXT: Reading = { newBuilder: () => new TextBuilder() };

/** The fields that Google Merchant Center names; any other column is the shop's own and its kind is guessed. */
const READINGS: Readonly<Record<string, Reading>> = {
  title: TEXT,
  description: TEXT,
  link: LINK,
  image_link: LINK,
  price: PRICE,
  sale_price: PRICE,
  brand: { newBuilder: () => new FacetBuilder() },
  item_group_id: { newBuilder: () => new FacetBuilder() },
  product_type: { newBuilder: () => new FacetBuilder(true), read: (texts) => texts.map(pathOf) },
  availability: { newBuilder: () => new FacetBuilder(), read: availabilities },
};
const GUESSED: Reading = { newBuilder: () => new GuessedBuilder() };

/** Makes a catalogue of a feed's rows, one after the other. */
export class CatalogueBuilder {
  readonly #columns: { column: string; name: string; reading: Reading; builder: FieldBuilder }[];
  readonly #idColumn: number;
  readonly #productIds: string[] = [];
  readonly #rowOf = new Map<string, number>();
  /** Rows that a later one of the same id replaced. */
  replacedRows = 0;

  /**
   * @param columns of the feed, in the order of the cells; one of them is the id.
   * @throws InputError when two are the same field.
   */
  constructor(columns: readonly string[], feedColumns = new FeedColumns()) {
    const fields = columns.map((column) => feedColumns.fieldOf(column));
    refuseTwice(columns, fields);
    this.#idColumn = fields.indexOf(ID_FIELD);
    this.#columns = columns.map((column, i) => {
      const reading = Object.hasOwn(READINGS, fields[i]) ? READINGS[fields[i]] : GUESSED;
      return { column, name: fields[i], reading, builder: reading.newBuilder() };
    });
  }

  /** @returns why the row cannot be used; undefined when it was added. */
  add(cells: readonly Cell[]): RowFault | undefined {
    const [id] = textsOf(cells[this.#idColumn]);
    if (id === undefined) return { column: this.#columns[this.#idColumn].column, reason: 'there is no id' };
    const row: (readonly string[])[] = [];
    for (let c = 0; c < this.#columns.length; c++) {
      const texts = textsOf(cells[c]);
      const values = this.#columns[c].reading.read?.(texts) ?? texts;
      if ('reason' in values) return { column: this.#columns[c].column, reason: values.reason };
      row.push(values);
    }
    if (this.#rowOf.has(id)) this.replacedRows++;
    this.#rowOf.set(id, this.#productIds.length);
    this.#productIds.push(id);
    for (let c = 0; c < this.#columns.length; c++) if (c !== this.#idColumn) this.#columns[c].builder.add(row[c]);
    return undefined;
  }

  finish(version: string): Catalogue {
    const kept = Int32Array.from(this.#rowOf.values()).sort();
    const keep = (field: Field) => (this.replacedRows === 0 ? field : selectRows(field, kept));
    const productIds = Array.from(kept, (row) => this.#productIds[row]);
    const columns = this.#columns.filter((_, c) => c !== this.#idColumn);
    return {
      version,
      productIds,
      rowOf: new Map(productIds.map((id, row) => [id, row])),
      fields: new Map(columns.map(({ name, builder }) => [name, keep(builder.finish())])),
    };
  }
}

function refuseTwice(columns: readonly string[], fields: readonly string[]): void {
  const second = fields.findIndex((field, i) => fields.indexOf(field) !== i);
  if (second < 0) return;
  const first = fields.indexOf(fields[second]);
  throw new InputError(
    `The feed's columns ${JSON.stringify(columns[first])} and ${JSON.stringify(columns[second])} are both the field ${JSON.stringify(fields[second])}: rename one of them, or drop it.`,
  );
}

function amounts(texts: readonly string[]): readonly string[] | { reason: string } {
  if (texts.length === 0) return texts;
  const price = priceOf(texts[0]);
  if (price === undefined)
    return { reason: `${quoted(texts[0])} is no price: an amount such as 12.50, with or without a currency` };
  return [String(price.amount)];
}

function availabilities(texts: readonly string[]): readonly string[] | { reason: string } {
  if (texts.length === 0) return texts;
  const availability = availabilityOf(texts[0]);
  if (availability !== undefined) return [availability];
  return { reason: `${quoted(texts[0])} is no availability: in_stock, out_of_stock, preorder or backorder` };
}

function checked(texts: readonly string[], isValid: (text: string) => boolean, fault: string) {
  const wrong = texts.find((text) => !isValid(text));
  return wrong === undefined ? texts : { reason: `${quoted(wrong)} ${fault}` };
}

function quoted(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}

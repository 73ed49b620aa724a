import { quoteNames } from '../clicks/csv-header.ts';
import { InputError } from '../errors.ts';
import type { FeedFormatName } from './feed-formats.ts';
import { fieldNameOf } from './feed-values.ts';

export const ID_FIELD = 'id';
export const NAME_COLUMNS =
  "Say which column holds the product's id with --id COLUMN, and likewise --title, --price and so on.";
const ACTION_FIELD = 'action';

/** Which column of a feed is which field, and how its text is taken apart. */
export class FeedColumns {
  /** Field → column, where the shop's own names differ from Google Merchant Center's. */
  readonly #columnOf: ReadonlyMap<string, string>;
  /** The columns of a file without a header. */
  readonly names: readonly string[] | undefined;
  readonly delimiter: string | undefined;
  readonly kind: 'full' | 'delta';
  /** What says of a row of a delta whether it changes or deletes; a full feed has no such thing. */
  readonly actionField: string | undefined;
  /** Rows that do not say it themselves delete. */
  readonly deletesAll: boolean;

  /** @param columns field → column. */
  constructor({ columns = {}, names, delimiter, kind = 'full', deletes = false }: FeedReading = {}) {
    this.#columnOf = new Map(Object.entries(columns));
    this.names = names;
    this.delimiter = delimiter;
    this.kind = kind;
    this.actionField = kind === 'delta' ? ACTION_FIELD : undefined;
    this.deletesAll = kind === 'delta' && deletes;
  }

  /** The columns that the shop named itself. */
  get named(): string[] {
    return [...new Set(this.#columnOf.values())];
  }

  /**
   * A column may be named for several fields. One that is called like a field for which another one was named is an
   * attribute: `feed_id`, where `--id sku`.
   */
  fieldsOf(column: string): string[] {
    const named = [...this.#columnOf].flatMap(([field, name]) => (name === column ? [field] : []));
    if (named.length > 0) return named;
    const field = fieldNameOf(column);
    return [this.#columnOf.has(field) ? `feed_${field}` : field];
  }

  /** What must be there and is not. */
  missingOf(columns: readonly string[]): string[] {
    const missing = this.named.filter((name) => !columns.includes(name));
    return columns.some((column) => this.fieldsOf(column).includes(ID_FIELD)) || missing.length > 0
      ? missing
      : [ID_FIELD];
  }

  /** @param list the column of a single row that holds the products in its place. */
  missingError(fileName: string, missing: readonly string[], columns: readonly string[], list?: string): InputError {
    const what = `${fileName} has no column ${quoteNames(missing)}. It has ${quoteNames(columns)}`;
    return new InputError(
      list === undefined
        ? `${what}. ${NAME_COLUMNS}`
        : `${what}, and the one row's ${JSON.stringify(list)} is a list of objects: if these are the products, write that list alone into a file, as with jq '.[${JSON.stringify(list)}]'.`,
    );
  }
}

export interface FeedReading {
  /** @default 'merchant' */
  format?: FeedFormatName;
  /** @default 'full' */
  kind?: 'full' | 'delta';
  /** Every row of a delta names a product to delete, unless it says otherwise. */
  deletes?: boolean;
  /** Field → column. */
  columns?: Readonly<Record<string, string>>;
  names?: readonly string[];
  delimiter?: string;
}

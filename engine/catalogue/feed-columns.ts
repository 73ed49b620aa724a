import { quoteNames } from '../clicks/csv-header.ts';
import { InputError } from '../errors.ts';
import { fieldNameOf } from './feed-values.ts';

export const ID_FIELD = 'id';

/** Which column of a feed is which field, and how its text is taken apart. */
export class FeedColumns {
  /** Column → field, where the shop's own names differ from Google Merchant Center's. */
  readonly #fieldOf: ReadonlyMap<string, string>;
  /** The columns of a file without a header. */
  readonly names: readonly string[] | undefined;
  readonly delimiter: string | undefined;

  /** @param columns field → column. */
  constructor({ columns = {}, names, delimiter }: FeedReading = {}) {
    this.#fieldOf = new Map(Object.entries(columns).map(([field, column]) => [column, field]));
    this.names = names;
    this.delimiter = delimiter;
  }

  /** The columns that the shop named itself. */
  get named(): string[] {
    return [...this.#fieldOf.keys()];
  }

  /** A named column leaves its canonical name free: what else is called so is an attribute no longer. */
  fieldOf(column: string): string {
    return this.#fieldOf.get(column) ?? fieldNameOf(column);
  }

  /** What must be there and is not. */
  missingOf(columns: readonly string[]): string[] {
    const missing = this.named.filter((name) => !columns.includes(name));
    return columns.some((column) => this.fieldOf(column) === ID_FIELD) || missing.length > 0 ? missing : [ID_FIELD];
  }

  missingError(fileName: string, missing: readonly string[], columns: readonly string[]): InputError {
    return new InputError(
      `${fileName} has no column ${quoteNames(missing)}. It has ${quoteNames(columns)}. Say which column holds the product's id with --id COLUMN, and likewise --title, --price and so on.`,
    );
  }
}

export interface FeedReading {
  /** Field → column. */
  columns?: Readonly<Record<string, string>>;
  names?: readonly string[];
  delimiter?: string;
}

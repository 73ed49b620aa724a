import { PLACEHOLDER_LIST } from '../clicks/id-rules.ts';
import { type FacetField, type Field, type NumberField, type TextField, valuesAt } from './catalogue.ts';

/** A field that grows row by row. Each row is added once, in order. */
export interface FieldBuilder {
  readonly rows: number;
  add(values: readonly string[]): void;
  /** Without a copy: nothing is added any more. */
  finish(): Field;
}

const FIRST_CAPACITY = 1024;

export class NumberBuilder implements FieldBuilder {
  rows = 0;
  #values = new Float64Array(FIRST_CAPACITY);

  /** @param values text of a number; the first counts. */
  add([value]: readonly string[]): void {
    if (this.rows === this.#values.length) this.#values = grown(this.#values, 1);
    this.#values[this.rows++] = value === undefined ? Number.NaN : Number(value);
  }

  finish(): NumberField {
    return { type: 'number', values: this.#values.subarray(0, this.rows) };
  }
}

export class FacetBuilder implements FieldBuilder {
  rows = 0;
  readonly #isPath: boolean;
  readonly #codeOf = new Map<string, number>();
  #offsets = new Uint32Array(FIRST_CAPACITY);
  #codes = new Uint32Array(FIRST_CAPACITY);

  constructor(isPath = false) {
    this.#isPath = isPath;
  }

  get valueCount(): number {
    return this.#codeOf.size;
  }

  /** @param values of which each counts once. */
  add(values: readonly string[]): void {
    if (this.rows + 1 === this.#offsets.length) this.#offsets = grown(this.#offsets, 1);
    let end = this.#offsets[this.rows];
    if (end + values.length > this.#codes.length) this.#codes = grown(this.#codes, values.length);
    for (const value of values.length < 2 ? values : new Set(values)) {
      let code = this.#codeOf.get(value);
      if (code === undefined) {
        code = this.#codeOf.size;
        this.#codeOf.set(value, code);
      }
      this.#codes[end++] = code;
    }
    this.#offsets[++this.rows] = end;
  }

  finish(): FacetField {
    const offsets = this.#offsets.subarray(0, this.rows + 1);
    const codes = this.#codes.subarray(0, offsets[this.rows]);
    return { type: 'facet', isPath: this.#isPath, values: [...this.#codeOf.keys()], offsets, codes };
  }
}

export class TextBuilder implements FieldBuilder {
  rows = 0;
  #offsets = new Uint32Array(FIRST_CAPACITY);
  #bytes = new Uint8Array(FIRST_CAPACITY);

  add([value = '']: readonly string[]): void {
    if (this.rows + 1 === this.#offsets.length) this.#offsets = grown(this.#offsets, 1);
    const start = this.#offsets[this.rows];
    const length = Buffer.byteLength(value);
    if (start + length > this.#bytes.length) this.#bytes = grown(this.#bytes, length);
    Buffer.from(this.#bytes.buffer).write(value, start);
    this.#offsets[++this.rows] = start + length;
  }

  finish(): TextField {
    const offsets = this.#offsets.subarray(0, this.rows + 1);
    return { type: 'text', offsets, bytes: this.#bytes.subarray(0, offsets[this.rows]) };
  }
}

/** With more different values than this share of the rows, a column names its rows rather than groups them. */
const MOST_VALUES_SHARE = 0.5;
const FEW_VALUES = 1_000;

/** A column of the shop's own: see `guessedField`. */
export class GuessedBuilder implements FieldBuilder {
  readonly #facet = new FacetBuilder();

  get rows(): number {
    return this.#facet.rows;
  }

  add(values: readonly string[]): void {
    this.#facet.add(values);
  }

  finish(): Field {
    return guessedField(this.finishAsNames());
  }

  /** What the values were, for a guess that is made later, of more rows. */
  finishAsNames(): FacetField {
    return this.#facet.finish();
  }
}

/**
 * Numbers when every value is one, else names, or text when hardly two rows are alike; text has one value a row. Text does
 * not become names again.
 */
export function guessedField(field: FacetField | TextField): Field {
  const numbers = numbersOf(field);
  if (numbers?.values.some((value) => !Number.isNaN(value))) return numbers;
  if (field.type === 'text') return field;
  const rows = field.offsets.length - 1;
  const areMany = field.values.length > Math.max(FEW_VALUES, MOST_VALUES_SHARE * rows);
  return areMany && !hasLists(field) ? textOf(field) : field;
}

/** Whether a row has several values. */
export function hasLists({ offsets }: FacetField): boolean {
  return offsets.some((offset, row) => row > 0 && offset - offsets[row - 1] > 1);
}

/**
 * "n/a" and the like are no value among numbers; among names they may be one.
 *
 * @returns undefined when another value is no number, or a row has several.
 */
export function numbersOf(field: FacetField | TextField): NumberField | undefined {
  const values = new Float64Array(field.offsets.length - 1).fill(Number.NaN);
  for (let row = 0; row < values.length; row++) {
    const [value, another] = valuesAt(field, row);
    if (another !== undefined) return undefined;
    if (value === undefined || isPlaceholder(String(value))) continue;
    if (!isNumber(String(value))) return undefined;
    values[row] = Number(value);
  }
  return { type: 'number', values };
}

/** The first value for which a field cannot hold numbers; undefined when it is that a row has several. */
export function firstNameIn(field: FacetField | TextField): string | undefined {
  for (let row = 0; row + 1 < field.offsets.length; row++) {
    const name = valuesAt(field, row)
      .map(String)
      .find((value) => !isNumber(value) && !isPlaceholder(value));
    if (name !== undefined) return name;
  }
  return undefined;
}

const PLACEHOLDERS = new Set(PLACEHOLDER_LIST);

function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.has(text.toLowerCase());
}

/** The first value of each row. */
export function textOf(field: NumberField | FacetField): TextField {
  const rows = field.type === 'number' ? field.values.length : field.offsets.length - 1;
  const builder = new TextBuilder();
  for (let row = 0; row < rows; row++) builder.add(valuesAt(field, row).map(String));
  return builder.finish();
}

/**
 * "007" is a name, not 7, and so is a whole number that a double does not hold exactly. Doubles are written with up to 17
 * digits, 4.333333333333333, with an exponent that has a sign, 1e-05, or, by DuckDB, as 10000000000000000.0; "12E4" is a name.
 */
export function isNumber(text: string): boolean {
  const match = /^-?(?:0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/i.exec(text);
  if (match === null) return false;
  const [, fraction, exponent] = match;
  const isDouble = exponent !== undefined || fraction === '.0';
  return Math.abs(Number(text)) <= (isDouble ? Number.MAX_VALUE : Number.MAX_SAFE_INTEGER);
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(array: T, atLeast: number): T {
  const larger = new (array.constructor as { new (length: number): T })(
    Math.max(2 * array.length, array.length + atLeast),
  );
  larger.set(array);
  return larger;
}

import { type Amount, amountOf } from './amounts.ts';
import type { NumberField } from './catalogue.ts';
import { type FieldBuilder, NumberBuilder } from './field-builders.ts';

type EitherAmount = NonNullable<Amount['either']> & { row: number; text: string };

/** Prices of which no value of the column shows how they are meant. */
export interface DoubtfulPrices {
  count: number;
  /** The first of them, and how it was read. */
  row: number;
  text: string;
  value: number;
}

/** A column of amounts: one that may be read in two ways is read as the others show. */
export class PriceBuilder implements FieldBuilder {
  readonly #numbers = new NumberBuilder();
  readonly #decimals = new Set<string>();
  readonly #open: EitherAmount[] = [];

  get rows(): number {
    return this.#numbers.rows;
  }

  /** @param text what `amountOf` reads. */
  add([text]: readonly string[]): void {
    const amount = text === undefined ? undefined : amountOf(text);
    if (amount?.decimal !== undefined) this.#decimals.add(amount.decimal);
    if (amount?.either !== undefined) this.#open.push({ ...amount.either, row: this.rows, text });
    this.#numbers.add(amount === undefined ? [] : [String(amount.value)]);
  }

  finish(): NumberField {
    const field = this.#numbers.finish();
    const decimal = this.#decimal;
    if (decimal === undefined) return field;
    for (const { row, sign, asDecimal, asGroups } of this.#open) {
      field.values[row] = sign === decimal ? asDecimal : asGroups;
    }
    return field;
  }

  get doubtful(): DoubtfulPrices | undefined {
    if (this.#decimal !== undefined || this.#open.length === 0) return undefined;
    const [{ row, text }] = this.#open;
    return { count: this.#open.length, row, text, value: amountOf(text)!.value };
  }

  /** Undefined where no value shows it, or some show another. */
  get #decimal(): string | undefined {
    const [decimal, another] = this.#decimals;
    return another === undefined ? decimal : undefined;
  }
}

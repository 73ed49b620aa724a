/** How the digits of a price are read. */
export interface Amount {
  value: number;
  /** "." or ",", where the text shows that it is the decimal sign. */
  decimal?: string;
  /** Where it does not: what the text means if its sign is the decimal one, and if it is not. */
  either?: { sign: string; asDecimal: number; asGroups: number };
}

/** In threes, and as in India in twos before the last three; no group comes after a leading zero. */
const GROUPS = /^[1-9]\d{0,2}([.,' ’])\d{3}(?:\1\d{3})*$|^[1-9]\d?(?:,\d{2})+,\d{3}$/;
/** "12,-" */
const FRACTION = /^(?:\d+|[-–—]{1,2})$/;

/**
 * "1.299,00", "1 299", "1'299.50", "1,29,900", "12,-". A single sign before three digits may be either: "1.299" is then taken
 * for a fraction, as in any number, and "1,299" for groups.
 *
 * @returns undefined when it is no amount.
 */
export function amountOf(text: string): Amount | undefined {
  const at = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const asGroups = wholeOf(text);
  if (at < 0) return asGroups === undefined ? undefined : { value: asGroups };
  const [before, sign, after] = [text.slice(0, at), text[at], text.slice(at + 1)];
  const whole = before.includes(sign) || !FRACTION.test(after) ? undefined : wholeOf(before);
  const asDecimal = whole === undefined ? undefined : /\d/.test(after) ? Number(`${whole}.${after}`) : whole;
  if (asGroups === undefined) return asDecimal === undefined ? undefined : { value: asDecimal, decimal: sign };
  if (asDecimal === undefined) return { value: asGroups, decimal: sign === '.' ? ',' : '.' };
  return { value: sign === '.' ? asDecimal : asGroups, either: { sign, asDecimal, asGroups } };
}

function wholeOf(text: string): number | undefined {
  return /^\d+$/.test(text) || GROUPS.test(text) ? Number(text.replaceAll(/\D/g, '')) : undefined;
}

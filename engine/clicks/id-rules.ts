/** What is no id, by kind. */
export type IdFault = 'empty' | 'placeholder' | 'list' | 'several' | 'rounded';

/** Written where there is no id: by Google Analytics, databases, pandas, JavaScript, spreadsheets. */
export const PLACEHOLDER_LIST =
  '(not set),(not provided),(none),(null),(other),(empty),<null>,<na>,null,nan,none,nil,undefined,\\n,n/a,na,#n/a,#ref!,#value!,-'.split(
    ',',
  );
const PLACEHOLDERS = new Set(PLACEHOLDER_LIST);
const MAY_BE_PLACEHOLDER = new Set(PLACEHOLDER_LIST.flatMap((text) => [text.charAt(0), text.charAt(0).toUpperCase()]));
const SEPARATOR = /[|;,]/;
/** How a spreadsheet shows a number of twelve digits or more, and saves it: many ids become one. */
const ROUNDED = /^\d([.,]\d{1,5})?E\+(1[1-9]|[2-9]\d)$/;
const WHOLE_NUMBER = /^-?\d+(\.0+)?$/;

/** What people see as space or do not see at all (U+FEFF, the byte order mark). */
const SURROUNDING_SPACE = /^[\s\ufeff]+|[\s\ufeff]+$/g;

/** Texts as they stand in the file, each by itself. */
export interface RawIds {
  /** Trimmed. */
  texts: readonly string[];
  /** Of each text, whatever the others are; undefined: they all are ids as most are. */
  faults: (IdFault | undefined)[] | undefined;
}

export interface IdRule {
  /** Raw number → number of the id, or a negative fault: see `FAULTS`. */
  numberOf: Int32Array;
  /** Number → id, by first appearance. */
  ids: string[];
  /** The ids of rows that count. */
  idsInUse: string[];
  /** Whether each text is an id as it stands, with the number that it has. */
  keepsAll: boolean;
}

export const FAULTS: readonly IdFault[] = ['empty', 'placeholder', 'list', 'several', 'rounded'];

/** @param raw by first appearance. */
export function trimIds(raw: readonly string[]): RawIds {
  if (raw.every(isPlain)) return { texts: raw, faults: undefined };
  const texts = raw.map((text) => (needsTrimming(text) ? text.replaceAll(SURROUNDING_SPACE, '') : text));
  return { texts, faults: texts.map(idFaultOf) };
}

/**
 * Makes ids of texts: refused where they are none, and without a `needlessFraction`. What texts are together is told by
 * those of rows that count.
 *
 * @param raw as they stand in the file, by first appearance. @param isInUse (texts) 1 where a row counts that has the text.
 */
export function applyIdRules(raw: readonly string[], { texts, faults: own }: RawIds, isInUse: Uint8Array): IdRule {
  if (own === undefined) {
    const ids = [...raw];
    return { numberOf: ascending(raw.length), ids, idsInUse: ids, keepsAll: true };
  }
  const used = texts.filter((_, i) => isInUse[i] === 1);
  // Only where some id holds a separator is it worth knowing all of them.
  const alone = texts.some((text) => SEPARATOR.test(text)) ? new Set(used) : undefined;
  const faults = texts.map((text, i) => own[i] ?? (alone && isListOf(text, alone) ? 'several' : undefined));
  const fraction = needlessFraction(texts.filter((_, i) => isInUse[i] === 1 && faults[i] === undefined));
  const ids = fraction === undefined ? texts : texts.map((text) => withoutEnd(text, fraction));
  const idsInUse = Array.from(new Set(ids.filter((_, i) => isInUse[i] === 1 && faults[i] === undefined)));
  const areUnique = ids.every((id, i) => id === raw[i]);
  if (areUnique && faults.every((fault) => fault === undefined)) {
    return { numberOf: ascending(raw.length), ids: [...ids], idsInUse, keepsAll: true };
  }
  const numbers = new Map<string, number>();
  const numberOf = new Int32Array(raw.length);
  for (const [i, id] of ids.entries()) {
    const fault = faults[i];
    if (fault !== undefined) {
      numberOf[i] = -1 - FAULTS.indexOf(fault);
      continue;
    }
    let number = numbers.get(id);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(id, number);
    }
    numberOf[i] = number;
  }
  return { numberOf, ids: Array.from(numbers.keys()), idsInUse, keepsAll: false };
}

/**
 * What the type of a column adds to whole numbers: `.0` of doubles, as pandas writes a column that has gaps, `.00` of
 * decimals.
 *
 * @returns undefined where some id is no whole number, or where the zeros differ: `1.0` and `1.00` may be two products.
 */
export function needlessFraction(ids: Iterable<string>): string | undefined {
  let fraction: string | undefined;
  for (const id of ids) {
    const found = WHOLE_NUMBER.exec(id);
    if (found === null || (found[1] !== undefined && fraction !== undefined && found[1] !== fraction)) return undefined;
    fraction ??= found[1];
  }
  return fraction;
}

export function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** 0, 1, 2 and so on: of millions, faster than `from`. */
function ascending(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** An id as most are: letters, digits and what joins them, and nothing that any rule is about. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length === 0) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const isJoin = code === 0x2d || code === 0x5f || code === 0x3a || code === 0x2f;
    if (!isJoin && !(code >= 0x30 && code <= 0x39) && !((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)) return false;
  }
  const first = text.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || length > 14 || !PLACEHOLDERS.has(text.toLowerCase());
}

function needsTrimming(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  const first = text.charCodeAt(0);
  return first <= 0x20 || last <= 0x20 || first >= 0x80 || last >= 0x80;
}

/** What makes a text without surrounding space no id, whatever the others are. */
export function idFaultOf(text: string): IdFault | undefined {
  if (text === '') return 'empty';
  const first = text.charAt(0);
  if (text.length <= 14 && MAY_BE_PLACEHOLDER.has(first) && PLACEHOLDERS.has(text.toLowerCase())) return 'placeholder';
  if ((first === '[' && text.endsWith(']')) || (first === '{' && text.endsWith('}'))) return 'list';
  // Adobe's product syntax: category;product;quantity;price, with commas between products.
  if (text.startsWith(';')) return 'several';
  if (ROUNDED.test(text)) return 'rounded';
  return undefined;
}

/** Two or more ids in one cell, each of which stands alone in another. */
function isListOf(text: string, alone: ReadonlySet<string>): boolean {
  const separator = SEPARATOR.exec(text)?.[0];
  return separator !== undefined && text.split(separator).every((part) => part !== '' && alone.has(part.trim()));
}

const SEPARATORS = ['|', ';', ',', ' '];

/**
 * The character at which most cells are lists of ids: at least half of them hold it, the lists differ in length, and their
 * parts come again in other cells. An id with an attribute ("shirt,red") always has as many parts.
 */
export function separatorOf(ids: readonly string[]): string | undefined {
  const sample = ids.slice(0, 10_000);
  return SEPARATORS.find((separator) => {
    const lists = sample.map((id) => id.split(separator)).filter((parts) => parts.length > 1);
    if (lists.length < 2 || lists.length * 2 < sample.length) return false;
    if (lists.every((parts) => parts.length === lists[0].length) && lists.length === sample.length) return false;
    const parts = lists.flat();
    return parts.every((part) => /^[\w./-]+$/.test(part)) && new Set(parts).size * 2 <= parts.length;
  });
}

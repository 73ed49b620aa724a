import { type FieldTypes, type FieldUse, faultOfUse, isNumberText } from './field-use.ts';
import {
  type Bound,
  type Condition,
  FILTER_LIMITS,
  type Filter,
  type FilterValue,
  type OwnValue,
  type Range,
  tooLarge,
} from './filter.ts';
import { FilterError } from './filter-error.ts';

/** Longest text that is looked at. */
const LONGEST_FILTER = 8_000;

/** A filter's text is wrong at one character. */
class FilterSyntax {
  readonly text: string;
  readonly fields: FieldTypes | undefined;
  at = 0;
  #conditions = 0;

  constructor(text: string, fields: FieldTypes | undefined) {
    this.text = text;
    this.fields = fields;
  }

  /** any := all ('OR' all)* */
  any(depth: number): Filter {
    if (depth > FILTER_LIMITS.depth) throw tooLarge(`it is nested more than ${FILTER_LIMITS.depth} deep`);
    const parts = [this.all(depth)];
    while (this.keyword('OR')) parts.push(this.all(depth));
    return parts.length === 1 ? parts[0] : { or: parts };
  }

  /** all := one ('AND' one)* */
  all(depth: number): Filter {
    const parts = [this.one(depth)];
    while (this.keyword('AND')) parts.push(this.one(depth));
    return parts.length === 1 ? parts[0] : { and: parts };
  }

  /** one := 'NOT' one | '(' any ')' | condition */
  one(depth: number): Filter {
    if (depth > FILTER_LIMITS.depth) throw tooLarge(`it is nested more than ${FILTER_LIMITS.depth} deep`);
    if (this.keyword('NOT')) return { not: this.one(depth + 1) };
    if (!this.sign('(')) return this.condition();
    const inside = this.any(depth + 1);
    if (!this.sign(')')) throw this.error('")", "AND" or "OR"');
    return inside;
  }

  /** condition := field (':' values | ':' number? '..' number? | ('<' | '<=' | '>' | '>=') bound) */
  condition(): Condition {
    if (++this.#conditions > FILTER_LIMITS.conditions)
      throw tooLarge(`it has more than ${FILTER_LIMITS.conditions} conditions`);
    this.skipSpace();
    const start = this.at;
    const field = this.word('a field, "NOT" or "("');
    if (field === '') throw this.error('the name of a field, not empty quotes');
    if (this.fields?.has(field) === false) this.require(field, 'values', start);
    if (this.sign(':')) {
      const range = this.range(field);
      this.require(field, range === undefined ? 'values' : 'bounds', start);
      return range ?? { field, in: this.values(field) };
    }
    for (const [sign, name] of COMPARISONS) {
      if (!this.sign(sign)) continue;
      this.require(field, 'bounds', start);
      return { field, [name]: this.bound(field) } as Range;
    }
    if (isKeyword(field) && /\s/.test(this.text[start + field.length] ?? '')) {
      throw this.error('a field, "NOT" or "("', start);
    }
    throw this.error('":", "<", "<=", ">" or ">=" after a field');
  }

  /** @param at where the field stands. @throws FilterError when the catalogue does not have it, or not so. */
  require(field: string, use: FieldUse, at: number): void {
    const fault = this.fields === undefined ? undefined : faultOfUse(this.fields, field, use);
    if (fault !== undefined) throw new FilterError({ ...fault, place: this.place(at) });
  }

  range(field: string): Range | undefined {
    this.skipSpace();
    const match = /^(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?(?=[\s)]|$)/.exec(this.text.slice(this.at));
    if (match === null || (match[1] ?? match[2]) === undefined) return undefined;
    this.at += match[0].length;
    return {
      field,
      ...(match[1] !== undefined && { gte: Number(match[1]) }),
      ...(match[2] !== undefined && { lte: Number(match[2]) }),
    };
  }

  values(field: string): FilterValue[] {
    const values: FilterValue[] = [];
    do {
      if (values.length === FILTER_LIMITS.values)
        throw tooLarge(`a field has more than ${FILTER_LIMITS.values} values`);
      values.push(this.own(field, 'own value') ?? this.value(field));
    } while (this.sign(','));
    return values;
  }

  value(field: string): string {
    this.skipSpace();
    const start = this.at;
    const value = this.word('a value, "@" or a range such as 10..20');
    if (this.fields?.get(field)?.type !== 'number' || isNumberText(value)) return value;
    throw this.error(`a number, as ${JSON.stringify(field)} holds numbers`, start);
  }

  /** bound := number | (number '*')? '@' field? */
  bound(field: string): Bound {
    const own = this.own(field, 'own number');
    if (own !== undefined) return own;
    this.skipSpace();
    const match = /^-?\d+(\.\d+)?(e[+-]?\d+)?/i.exec(this.text.slice(this.at));
    if (match === null) throw this.error('a number, "@" or a factor such as 1.5*@');
    const times = this.number(match[0]);
    this.at += match[0].length;
    if (!this.sign('*')) return times;
    const value = this.own(field, 'own number');
    if (value === undefined) throw this.error('"@" after a factor');
    return { ...value, times };
  }

  /** '@' field? — of the same field when none is named. */
  own(field: string, use: FieldUse): OwnValue | undefined {
    if (!this.sign('@')) return undefined;
    const start = this.at;
    const own = this.isAtWord() ? this.word('a field') : field;
    this.require(own, use, start);
    return { own };
  }

  isAtWord(): boolean {
    return this.text[this.at] === '"' || BARE.test(this.text.slice(this.at));
  }

  /** A bare word, or text in double quotes with \" and \\ inside. */
  word(allowed: string): string {
    this.skipSpace();
    const rest = this.text.slice(this.at);
    const quoted = /^"((?:[^"\\]|\\["\\])*)"/s.exec(rest);
    if (quoted !== null) {
      this.at += quoted[0].length;
      return this.short(quoted[1].replaceAll(/\\(["\\])/g, '$1'));
    }
    if (rest.startsWith('"')) throw this.error('a closing quote; inside quotes, write \\" and \\\\', this.text.length);
    const bare = BARE.exec(rest);
    if (bare === null || KEYWORDS.has(bare[0])) throw this.error(allowed);
    const odd = this.fields === undefined ? -1 : bare[0].search(ODD);
    if (odd !== -1) throw this.error(BARE_ALLOWED, this.at + odd);
    this.at += bare[0].length;
    return this.short(bare[0]);
  }

  keyword(name: string): boolean {
    this.skipSpace();
    const rest = this.text.slice(this.at);
    if (BARE.exec(rest)?.[0] !== name) return false;
    this.at += name.length;
    return true;
  }

  sign(sign: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  number(text: string): number {
    const number = Number(text);
    if (!Number.isFinite(number)) throw this.error('a number');
    return number;
  }

  short(text: string): string {
    if (text.length > FILTER_LIMITS.text) throw tooLarge(`a word has more than ${FILTER_LIMITS.text} characters`);
    return text;
  }

  error(allowed: string, at = this.at): FilterError {
    const rest = this.text.slice(at);
    const [word = ''] = BARE.exec(rest) ?? [];
    if (isKeyword(word) && !KEYWORDS.has(word)) {
      const capitals = `${allowed}; AND, OR and NOT are written in capitals`;
      return new FilterError({ place: this.place(at), found: JSON.stringify(word), allowed: capitals });
    }
    const found = rest === '' ? 'the end' : JSON.stringify([...rest][0]);
    return new FilterError({ place: this.place(at), found, allowed });
  }

  place(at: number): string {
    const before = this.text.slice(Math.max(0, at - 20), at);
    return `at character ${at + 1}${before === '' ? '' : `, after ${JSON.stringify(before)}`}`;
  }
}

const KEYWORDS = new Set(['AND', 'OR', 'NOT']);

/** Also in small letters, in which no keyword is taken: a field may be called so. */
function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toUpperCase());
}

/** Everything but space and what has a meaning. */
const BARE = /^[^\s()<>=:,"@*]+/u;
/** Beside letters and digits of any script: joiners (U+200C, U+200D) are part of the words of some. */
const ODD = /[^\p{L}\p{M}\p{N}\p{Join_Control}\-_./]/u;
const BARE_ALLOWED = 'letters, digits and -_./; put text with other signs in double quotes, such as "Bolt & Co"';
const COMPARISONS = [
  ['<=', 'lte'],
  ['>=', 'gte'],
  ['<', 'lt'],
  ['>', 'gt'],
] as const;

/**
 * Reads the string form: `availability:in_stock AND price<=1.5*@price AND product_type:@ AND NOT brand:Acme,"Bolt & Co"`.
 * AND binds closer than OR. Keywords are written in capitals.
 *
 * @param fields of the catalogue that is asked; left out, as for rules that were stored: any may be named, and text without
 * quotes may hold other signs, as it could up to release 0.2.0. @throws FilterError that points at the character. @throws
 * InputError when it is too large.
 */
export function parseFilter(text: string, fields?: FieldTypes): Filter {
  if (text.length > LONGEST_FILTER) throw tooLarge(`it has more than ${LONGEST_FILTER} characters`);
  const syntax = new FilterSyntax(text, fields);
  const filter = syntax.any(0);
  syntax.skipSpace();
  if (syntax.at < text.length) throw syntax.error('"AND", "OR" or the end');
  return filter;
}

/** Whether text reads as one word without quotes. */
export function isBareWord(text: string): boolean {
  return text !== '' && !ODD.test(text) && !KEYWORDS.has(text) && !text.includes('..');
}

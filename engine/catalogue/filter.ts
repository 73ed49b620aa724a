import * as z from 'zod';
import { InputError } from '../errors.ts';
import { type FieldTypes, type FieldUse, faultOfUse, isNumberText } from './field-use.ts';
import { FilterError } from './filter-error.ts';

/**
 * Which products may be recommended, as a tree (the JSON form); `parse-filter.ts` and `format-filter.ts` have the
 * string form. Both say the same: a normal tree becomes text and comes back unchanged.
 */
export type Filter = AllOf | AnyOf | NoneOf | Condition;

interface AllOf {
  and: Filter[];
}
interface AnyOf {
  or: Filter[];
}
interface NoneOf {
  not: Filter;
}

/** What is asked of one field of the catalogue. A product that lacks the field never passes. */
export type Condition = OneOf | Range;

/** The field is one of these. Of a category path, "Home" also takes what lies below it, "Home > Garden". */
export interface OneOf {
  field: string;
  in: FilterValue[];
}

/** Bounds of a number. In the normal form one is given, or a number for each of `gte` and `lte`: what `10..20` says. */
export interface Range {
  field: string;
  gt?: Bound;
  gte?: Bound;
  lt?: Bound;
  lte?: Bound;
}

/** Text, also of numbers ("42"): the field's type decides how it compares. Or the query product's own value. */
export type FilterValue = string | OwnValue;

/** A number, or the query product's own value times a factor. */
export type Bound = number | OwnValue;

/** The value that the query product itself has in a field: `@` in the string form. */
export interface OwnValue {
  own: string;
  /** Only in a bound. */
  times?: number;
}

/** Far beyond what a person writes; they bound the cost of a stranger's filter. */
const MOST_CONDITIONS = 100;
const DEEPEST = 20;
const MOST_VALUES = 1_000;
const LONGEST_TEXT = 500;

const field = z
  .string({ error: 'the name of a catalogue field' })
  .min(1, { error: 'the name of a catalogue field' })
  .max(LONGEST_TEXT, { error: `a field name of up to ${LONGEST_TEXT} characters` });
const factor = z.number().refine(Number.isFinite, { error: 'a finite number' });
const value = z.union([
  z.string().max(LONGEST_TEXT),
  z.number().transform(String),
  z.boolean().transform(String),
  z.strictObject({ own: field }),
]);
const bound = z.union([z.number(), z.strictObject({ own: field, times: factor.optional() })], {
  error: 'a number, or {own: field} with an optional "times"',
});
const condition = z.union([
  z.strictObject({ field, in: z.array(value).min(1).max(MOST_VALUES) }),
  z
    .strictObject({
      field,
      gt: bound.optional(),
      gte: bound.optional(),
      lt: bound.optional(),
      lte: bound.optional(),
    })
    .refine(({ gt, gte, lt, lte }) => [gt, gte, lt, lte].some((bound) => bound !== undefined)),
]);

const FILTER_FORMS =
  'one of {field, in: […]}, {field, gt | gte | lt | lte: number}, {and: […]}, {or: […]}, {not: …}; a value of the query product is {own: field}';

/**
 * Reads the JSON form.
 *
 * @param fields of the catalogue that is asked; left out: any may be named.
 * @returns the tree in its normal form: groups of two or more, values as text.
 * @throws FilterError naming the place in the tree, and what is allowed there. @throws InputError when it is too large.
 */
export function readFilter(json: unknown, fields?: FieldTypes): Filter {
  let conditions = 0;
  return read(json, 'filter', 0);

  function read(node: unknown, path: string, depth: number): Filter {
    if (depth > DEEPEST) throw tooLarge(`it is nested more than ${DEEPEST} deep`);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) throw malformed(path, node);
    const keys = Object.keys(node);
    const [only] = keys;
    if (keys.length === 1 && (only === 'and' || only === 'or')) {
      const parts = (node as Record<string, unknown>)[only];
      if (!Array.isArray(parts) || parts.length === 0) throw malformed(`${path}.${only}`, parts);
      const filters = parts.map((part, i) => read(part, `${path}.${only}[${i}]`, depth + 1));
      if (filters.length === 1) return filters[0];
      return only === 'and' ? { and: filters } : { or: filters };
    }
    if (keys.length === 1 && only === 'not') return { not: read((node as NoneOf).not, `${path}.not`, depth + 1) };
    if (++conditions > MOST_CONDITIONS) throw tooLarge(`it has more than ${MOST_CONDITIONS} conditions`);
    const { in: values } = node as { in?: unknown };
    if (Array.isArray(values) && values.length > MOST_VALUES) {
      throw tooLarge(`a field has more than ${MOST_VALUES} values`);
    }
    const parsed = condition.safeParse(node);
    if (!parsed.success) throw malformed(path, node);
    if (fields !== undefined) requireFields(parsed.data as Condition, fields, path);
    return normalised(parsed.data as Condition);
  }
}

/** @throws FilterError when the catalogue does not have what the condition asks for. */
function requireFields(condition: Condition, fields: FieldTypes, path: string): void {
  const require = (name: string, use: FieldUse) => {
    const fault = faultOfUse(fields, name, use);
    if (fault !== undefined) throw new FilterError({ ...fault, place: `at ${JSON.stringify(path)}` });
  };
  const { field } = condition;
  require(field, isOneOf(condition) ? 'values' : 'bounds');
  if (!isOneOf(condition)) {
    const { gt, gte, lt, lte } = condition;
    for (const bound of [gt, gte, lt, lte]) if (typeof bound === 'object') require(bound.own, 'own number');
    return;
  }
  for (const value of condition.in) {
    if (typeof value === 'object') require(value.own, 'own value');
    else if (fields.get(field)?.type === 'number' && !isNumberText(value)) {
      const allowed = `a number, as ${JSON.stringify(field)} holds numbers`;
      throw new FilterError({ place: `at ${JSON.stringify(path)}`, found: JSON.stringify(value), allowed });
    }
  }
}

/** The fields that its conditions are about, each once. */
export function fieldsOf(filter: Filter): Set<string> {
  if ('and' in filter) return new Set(filter.and.flatMap((part) => [...fieldsOf(part)]));
  if ('or' in filter) return new Set(filter.or.flatMap((part) => [...fieldsOf(part)]));
  return 'not' in filter ? fieldsOf(filter.not) : new Set([filter.field]);
}

/** Bounds that the string form cannot say in one condition become one condition each. */
function normalised(condition: Condition): Filter {
  if ('in' in condition) return condition;
  const { field, ...bounds } = condition;
  const given = Object.entries(bounds).filter(([, bound]) => bound !== undefined);
  if (given.length === 1 || isPlainRange(condition)) return { field, ...Object.fromEntries(given) };
  return { and: given.map(([name, bound]) => ({ field, [name]: bound }) as Range) };
}

/** Whether `from..to` says it: no other bounds, and digits on both sides. */
export function isPlainRange({ gt, gte, lt, lte }: Range): boolean {
  if (gt !== undefined || lt !== undefined) return false;
  return typeof gte === 'number' && typeof lte === 'number' && RANGE.test(`${gte}..${lte}`);
}

const RANGE = /^-?\d+(\.\d+)?\.\.-?\d+(\.\d+)?$/;

/** The fields of the query product whose values a filter asks for; each as often as it does. */
export function ownFieldsOf(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(ownFieldsOf);
  if ('or' in filter) return filter.or.flatMap(ownFieldsOf);
  if ('not' in filter) return ownFieldsOf(filter.not);
  const { gt, gte, lt, lte } = filter as Range;
  const values = isOneOf(filter) ? filter.in : [gt, gte, lt, lte];
  return values.flatMap((value) => (typeof value === 'object' ? value.own : []));
}

export function isOneOf(condition: Condition): condition is OneOf {
  return 'in' in condition;
}

function malformed(path: string, found: unknown): FilterError {
  return new FilterError({ place: `at ${JSON.stringify(path)}`, found: shortJson(found), allowed: FILTER_FORMS });
}

function shortJson(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
  } catch {
    // JSON.stringify goes as deep as the value does, and the stack does not.
    return `${Array.isArray(value) ? 'a list' : 'an object'} that is nested too deeply`;
  }
}

export function tooLarge(what: string): InputError {
  return new InputError(
    `The filter is too large: ${what}. Ask for less, or put a fixed part into a placement's filter.`,
  );
}

export const FILTER_LIMITS = { conditions: MOST_CONDITIONS, depth: DEEPEST, values: MOST_VALUES, text: LONGEST_TEXT };

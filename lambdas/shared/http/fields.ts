import * as z from 'zod';

/** Kinds of fields. `error` is what the field allows: it ends the sentence "allowed is …". */

export function integer(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export const boolean = z.boolean({ error: 'true or false' });

/** A list whose length is looked at before its items: a million of them are refused without being looked at. */
export function list<T extends z.ZodType>(item: T, maxLength: number, error: string) {
  return z.preprocess(
    (value, context) => {
      if (!Array.isArray(value) || value.length <= maxLength) return value;
      context.addIssue({ code: 'too_big', origin: 'array', maximum: maxLength, input: value, message: error });
      return z.NEVER;
    },
    z.array(item, { error }).max(maxLength, { error }),
  );
}

/** A parameter of a query that may be given again: one value is a list of one. */
export function repeatable<T extends z.ZodType>(value: T, maxLength: number) {
  const values = list(value, maxLength, `up to ${maxLength} values`);
  return z.preprocess((given) => (typeof given === 'string' ? [given] : given), values);
}

/** A field of a query, where everything is text: what reads as a number or as a boolean becomes one. */
export function fromText<T extends z.ZodInt | z.ZodNumber | z.ZodBoolean>(field: T) {
  return z.preprocess((text) => (typeof text === 'string' ? readText(text, field) : text), field);
}

function readText(text: string, field: z.ZodInt | z.ZodNumber | z.ZodBoolean): unknown {
  if (field instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text);
  const form = field.isInt ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/;
  return form.test(text) ? Number(text) : text;
}

export const cursor = z
  .string()
  .min(1, { error: 'the nextCursor of an earlier answer, unchanged' })
  .describe('the `nextCursor` of the page before; left out for the first page');
export const nextCursor = z.string().nullable().describe('null on the last page');

import * as z from 'zod';
import { quote, RequestError, type Violation } from './problem.ts';

const MAX_VIOLATIONS = 10;

/**
 * Every schema states what it allows as its `error` text, so that a violation can name the field, what was found and
 * what is allowed.
 *
 * @throws RequestError 400
 */
export function validate<T extends z.ZodObject>(schema: T, value: unknown, where: Violation['in']): z.output<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.flatMap((issue) => describe(issue, schema, where)).slice(0, MAX_VIOLATIONS);
  const sentences = violations.map(({ field, found, allowed }) => `"${field}": found ${found}; allowed is ${allowed}.`);
  throw new RequestError('invalid-request', sentences.join(' '), { violations });
}

/**
 * The query parameters that a schema knows; others are left alone, since signatures and trackers travel there, too.
 * A parameter without a value counts as left out. Text that reads as the number or the boolean wanted becomes one.
 *
 * @throws RequestError 400 when one is given twice.
 */
export function queryValues(schema: z.ZodObject, query: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [field, wanted] of Object.entries(schema.shape)) {
    const given = query.getAll(field).filter((value) => value !== '');
    if (given.length > 1) {
      const violation: Violation = { in: 'query', field, found: `${given.length} values`, allowed: 'one value' };
      throw new RequestError('invalid-request', `"${field}": found ${given.length} values; allowed is one value.`, {
        violations: [violation],
      });
    }
    if (given.length === 1) values[field] = fromText(given[0], wanted);
  }
  return values;
}

function fromText(text: string, wanted: z.core.$ZodType): unknown {
  if (wanted instanceof z.ZodOptional || wanted instanceof z.ZodDefault) return fromText(text, wanted.unwrap());
  if (wanted instanceof z.ZodNumber && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (wanted instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodObject, where: Violation['in']): Violation[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = `one of ${Object.keys(schema.shape).join(', ')}`;
    return issue.keys.map((key) => ({ in: where, field: quote(key).slice(1, -1), found: 'an unknown field', allowed }));
  }
  const field = issue.path.map((step, i) =>
    typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`,
  );
  return [{ in: where, field: field.join('') || where, found: describeFound(issue.input), allowed: issue.message }];
}

function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

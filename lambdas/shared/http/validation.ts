import * as z from 'zod';
import { nearestName } from '../../../engine/nearest-name.ts';
import { quote, RequestError, type Violation } from './problem.ts';

const MAX_VIOLATIONS = 10;

/** What signatures (S3's and API Gateway's), trackers and cache busters add to any address. */
const PASSING_PARAMETER = /^(X-Amz-|utm_|_$)/i;

/** @throws RequestError 400 */
export function validate<T extends z.ZodObject>(schema: T, value: unknown, where: Violation['in']): z.output<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw refusal(parsed.error.issues, schema, where);
}

/** A parameter with a value and no name, which Hono passes over. */
const NAMELESS = /^[^?]*\?=|&=/;

/** One value of each parameter, or a list where it is repeated. @param url that the query stands in. */
export function queryValues(query: Record<string, string[]>, url: string): Record<string, string | string[]> {
  const own = Object.entries(query).filter(([name]) => !PASSING_PARAMETER.test(name));
  if (NAMELESS.test(url)) own.push(['', ['']]);
  // Not by assignment, which would lose a parameter named __proto__.
  return Object.fromEntries(own.map(([name, given]) => [name, given.length === 1 ? given[0] : given]));
}

/**
 * Every schema states what it allows as its `error` text, so that a violation can name the field, what was found and
 * what is allowed.
 */
function refusal(issues: readonly z.core.$ZodIssue[], schema: z.ZodObject, where: Violation['in']): RequestError {
  const violations: Violation[] = [];
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') violations.push(violationOf(issue, where));
    else
      for (const key of issue.keys.slice(0, MAX_VIOLATIONS))
        violations.push(unknownName(key, issue.path, schema, where));
    if (violations.length >= MAX_VIOLATIONS) break;
  }
  violations.length = Math.min(violations.length, MAX_VIOLATIONS);
  return new RequestError('invalid-request', violations.map(sentenceOf).join(' '), { violations });
}

function sentenceOf({ field, found, allowed, nearest }: Violation): string {
  const sentence = `"${field}": found ${found}; allowed is ${allowed}.`;
  return nearest === undefined ? sentence : `${sentence} Did you mean "${nearest}"?`;
}

function unknownName(name: string, path: Path, schema: z.ZodObject, where: Violation['in']): Violation {
  const kind = where === 'body' ? 'field' : 'parameter';
  const known = namesAt(schema, path);
  const nearest = nearestName(name, known);
  return {
    in: where,
    field: fieldName([...path, quote(name).slice(1, -1)]),
    found: `an unknown ${kind}`,
    allowed: known.length === 0 ? `no ${kind}` : `one of ${known.join(', ')}`,
    ...(nearest !== undefined && { nearest }),
  };
}

type Path = readonly PropertyKey[];

/** The names that the object at this place may have. */
function namesAt(schema: z.ZodObject, path: Path): string[] {
  let at: z.core.$ZodType = schema;
  for (const step of path) {
    const inner = unwrap(at);
    if (inner instanceof z.ZodArray) at = inner.element;
    else if (inner instanceof z.ZodObject) at = inner.shape[String(step)];
  }
  const found = unwrap(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** What stands behind a default, an optional or a preprocessed field. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.out) : schema;
}

function violationOf(issue: z.core.$ZodIssue, where: Violation['in']): Violation {
  // A parameter has no parts, though it may be given again.
  const field = fieldName(where === 'query' ? issue.path.slice(0, 1) : issue.path) || where;
  if (where === 'query' && Array.isArray(issue.input)) {
    const allowed = issue.code === 'too_big' ? issue.message : 'one value';
    return { in: where, field, found: `${issue.input.length} values`, allowed };
  }
  return { in: where, field, found: describeFound(issue.input), allowed: issue.message };
}

function fieldName(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

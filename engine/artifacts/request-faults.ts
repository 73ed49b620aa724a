import * as z from 'zod';
import { nearestName } from '../nearest-name.ts';

const LONGEST_QUOTE = 80;

/** Options of `npm run train` that are not called like their column. */
const OPTIONS: Record<string, string> = { gapSeconds: 'gap', timeFormat: 'time-format', dayFirst: 'day-first' };

/**
 * What is allowed, for the rules of a schema that do not say it themselves: the `error` of `safeParse`.
 *
 * @returns undefined where Zod's own words have to do.
 */
export function allowed(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected];
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return size(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return size(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    default:
      return undefined;
  }
}

/** The `error` of an object that takes no other names than these. */
export function unknownNames(kind: string, shape: object) {
  return (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const known = Object.keys(shape);
    const unknown = issue.keys.map((key) => `${JSON.stringify(key)}${didYouMean(key, known)}`);
    return `there is no ${kind} ${unknown.join(', ')}; the ${kind}s are ${known.join(', ')}`;
  };
}

/** ` (did you mean "vector_size"?)`; nothing where no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`;
}

const TYPES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function size(origin: string, bound: number | bigint, relation: string): string {
  const unit = { string: bound === 1 ? ' character' : ' characters', array: bound === 1 ? ' item' : ' items' }[origin];
  return `${relation} ${bound}${unit ?? ''}`;
}

/**
 * For people, one a fault: `settings.k: found 0; allowed is at least 1.`
 *
 * @param error of a parse with `reportInput` and `allowed`.
 */
export function faultLines({ issues }: z.ZodError): string[] {
  return issues.map((issue) => {
    const place = placeOf(issue.path);
    const isSentence =
      issue.code === 'unrecognized_keys' || (issue.code === 'custom' && issue.params?.['isSentence'] === true);
    if (isSentence) return `  ${place}: ${issue.message}.`;
    return `  ${place}: found ${quote(issue.input)}; allowed is ${issue.message}.`;
  });
}

/** `columns.gapSeconds (--gap)`: it may have been typed as an option, or have come in a request's JSON. */
function placeOf(path: readonly PropertyKey[]): string {
  const [part, name] = path;
  const place = path.length === 0 ? 'the request' : z.core.toDotPath(path);
  return part === 'columns' && typeof name === 'string' ? `${place} (--${OPTIONS[name] ?? name})` : place;
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}

import type * as z from 'zod';
import { InputError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { readHandwrittenJson } from './handwritten-json.ts';
import { RULE_TYPES, type RulesFile, rulesFileSchema } from './rules-file.ts';

const MOST_FAULTS = 10;
const LONGEST_QUOTE = 80;

/**
 * @param source where the text is from, for the message.
 * @throws InputError with a line a fault: its place, what was found, what is allowed, and the nearest name.
 */
export function readRules(text: string, source: string): RulesFile {
  const { value: json, repeated } = readHandwrittenJson(text, source);
  const parsed = rulesFileSchema.safeParse(json, { reportInput: true });
  if (parsed.success && repeated.length === 0) return parsed.data;
  const faults = [
    ...repeated.map(({ path, lines: [first, second] }) => {
      const at = pathText(path.slice(0, -1), json);
      const name = quote(String(path.at(-1)));
      return `${at}: found ${name} twice, in ${second === first ? `line ${first}` : `lines ${first} and ${second}`}; allowed is each name once, since only the last would count.`;
    }),
    ...(parsed.error?.issues ?? []).flatMap((issue) => sentencesOf(issue, json)),
  ];
  const others = faults.length - MOST_FAULTS;
  throw new InputError(
    [
      `${source} is not a file of rules:`,
      ...faults.slice(0, MOST_FAULTS).map((fault) => `  ${fault}`),
      ...(others > 0 ? [`  and ${others} more.`] : []),
    ].join('\n'),
  );
}

function sentencesOf(issue: z.core.$ZodIssue, json: unknown): string[] {
  const at = pathText(issue.path, json);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path, json);
    return issue.keys.map((key) =>
      sentence(at, `an unknown field ${quote(key)}`, `one of ${known.join(', ')}`, key, known),
    );
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const { type } = (issue.input ?? {}) as { type?: unknown };
    const allowed = `one of ${RULE_TYPES.join(', ')}`;
    return [sentence(at, found(type), allowed, typeof type === 'string' ? type : '', RULE_TYPES)];
  }
  if (issue.code === 'invalid_key') return [sentence(at, 'this name', issue.issues[0]?.message ?? issue.message)];
  if (issue.code === 'custom' && issue.params?.['isSentence']) return [`${at}: ${issue.message}`];
  const names = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return [sentence(at, found(issue.input), issue.message, typeof issue.input === 'string' ? issue.input : '', names)];
}

function sentence(at: string, found: string, allowed: string, name = '', known: readonly string[] = []): string {
  const nearest = nearestName(name, known);
  return `${at}: found ${found}; allowed is ${allowed}.${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`;
}

const RULE_OPTIONS = rulesFileSchema.shape.rules.unwrap().element.options;

/** Of the object at this place. */
function knownKeys(path: readonly PropertyKey[], json: unknown): string[] {
  if (path[0] === 'placements') return Object.keys(rulesFileSchema.shape.placements.unwrap().valueType.shape);
  if (path[0] !== 'rules') return Object.keys(rulesFileSchema.shape);
  const type = (valueAt(json, path.slice(0, 2)) as { type?: unknown } | undefined)?.type;
  const option = RULE_OPTIONS.find(({ shape }) => shape.type.values.has(type as never));
  return option === undefined ? [] : Object.keys(option.shape);
}

/** `rules[2] "spring-sale".factor`: a rule is also named by its id, since nobody counts rules. */
function pathText(path: readonly PropertyKey[], json: unknown): string {
  let text = '';
  path.forEach((step, i) => {
    text += typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`;
    const id = (valueAt(json, path.slice(0, i + 1)) as { id?: unknown } | undefined)?.id;
    if (path[0] === 'rules' && i === 1 && typeof id === 'string') text += ` ${quote(id)}`;
  });
  return text === '' ? 'the file' : text;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return value;
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`);
}

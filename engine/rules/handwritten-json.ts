import { type JSONPath, type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { InputError, messageOf } from '../errors.ts';

/** A name that stands twice in one object, of which `JSON.parse` keeps the last alone. */
interface RepeatedName {
  /** Of the object, and the name. */
  path: JSONPath;
  /** From 1. */
  lines: readonly [number, number];
}

export interface HandwrittenJson {
  value: unknown;
  repeated: readonly RepeatedName[];
}

/**
 * JSON as a person writes it, whose first mistake is named with its place, what is allowed there and the fix: V8 says of some
 * where they are, and of none what to do.
 *
 * @throws InputError that begins with `source`.
 */
export function readHandwrittenJson(text: string, source: string): HandwrittenJson {
  if (text.trim() === '') throw new InputError(`${source} is not JSON: it is empty; a file without rules is {}.`);
  const repeated: RepeatedName[] = [];
  /** Of the objects that are open, the innermost last: name → line. */
  const open: Map<string, number>[] = [];
  try {
    visit(
      text,
      {
        onObjectBegin: () => void open.push(new Map()),
        onObjectEnd: () => void open.pop(),
        onObjectProperty(name, _, _length, line, _column, pathOf) {
          const lines = open.at(-1)!;
          const earlier = lines.get(name);
          if (earlier !== undefined) repeated.push({ path: [...pathOf(), name], lines: [earlier, line + 1] });
          lines.set(name, line + 1);
        },
        onError(code, offset, length, line, column) {
          const place = `line ${line + 1}, column ${column + 1}`;
          throw new InputError(
            `${place}: ${sentenceOf(code, text.slice(offset, offset + length), text.slice(0, offset))}`,
          );
        },
      },
      { disallowComments: true },
    );
    return { value: JSON.parse(text), repeated };
  } catch (cause) {
    const message = cause instanceof RangeError ? 'its values are nested too deeply' : messageOf(cause);
    throw new InputError(`${source} is not JSON: ${message.replace(/\.$/, '')}.`, { cause });
  }
}

const VALUE = 'text in double quotes, a number, true, false, an object or a list';
const ALLOWED: Partial<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  PropertyNameExpected: 'a name in double quotes',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma, or the end of the object or the list',
  CloseBraceExpected: 'the end of the object, a }',
  CloseBracketExpected: 'the end of the list, a ]',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'text that ends with a double quote on its line',
  InvalidEscapeCharacter: 'a backslash only before n, t, u and the like, or before a backslash or a double quote',
};
const LONGEST_QUOTE = 40;

function sentenceOf(code: ParseErrorCode, found: string, before: string): string {
  const name = printParseErrorCode(code);
  const shown = found === '' ? 'the end of the file' : JSON.stringify(found.slice(0, LONGEST_QUOTE));
  const advice = adviceOf(name, found, before);
  return `found ${shown}; allowed is ${ALLOWED[name] ?? VALUE}.${advice === '' ? '' : ` ${advice}`}`;
}

function adviceOf(name: ReturnType<typeof printParseErrorCode>, found: string, before: string): string {
  if (/^(\/\/|\/\*|#)/.test(found)) return 'JSON has no comments: take it out, or say it in the "note" of a rule.';
  if (/^['‘’“”„«»`]/.test(found)) return 'Quotes are straight double ones: ".';
  if (/^[}\]]/.test(found) && /,\s*$/.test(before)) return 'Take the comma before it away.';
  if (name === 'CommaExpected' && /^["{[]/.test(found)) return 'Is a comma missing before it?';
  return name === 'InvalidEscapeCharacter' ? 'Write a backslash twice.' : '';
}

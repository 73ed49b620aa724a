import { InputError, messageOf } from '../errors.ts';

/** A name that stands twice in one object, of which `JSON.parse` keeps the last alone. */
interface RepeatedName {
  /** Of the object, and the name. */
  path: readonly (string | number)[];
  /** From 1. */
  lines: readonly [number, number];
}

export interface HandwrittenJson {
  value: unknown;
  repeated: readonly RepeatedName[];
}

/** A filter may be nested 32 deep; nothing that a person writes comes near. */
const DEEPEST = 200;

/**
 * JSON as a person writes it, whose mistakes are named with their line, what is allowed there and the fix: V8 says of some
 * where they are, and of none what to do.
 *
 * @throws InputError that begins with `source`.
 */
export function readHandwrittenJson(text: string, source: string): HandwrittenJson {
  const scanner = new Scanner(text);
  try {
    scanner.scan();
    return { value: JSON.parse(text), repeated: scanner.repeated };
  } catch (cause) {
    throw new InputError(`${source} is not JSON: ${messageOf(cause).replace(/\.$/, '')}.`, { cause });
  }
}

const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const SPACE = /[ \t\r\n]*/y;

class Scanner {
  readonly repeated: RepeatedName[] = [];
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws InputError `line 4, column 3: found …; allowed is ….` for the first mistake. */
  scan(): void {
    this.#skipSpace();
    if (this.#at === this.#text.length) throw new InputError('it is empty; a file without rules is {}');
    this.#value('an object in braces');
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault('the end of the file');
  }

  #value(allowed: string): void {
    if (this.#path.length > DEEPEST) throw this.#fault(`up to ${DEEPEST} values in each other`);
    const first = this.#text[this.#at];
    if (first === '{') this.#object();
    else if (first === '[') this.#list();
    else if (first === '"') this.#string();
    else if (!this.#take(NUMBER_OR_WORD)) throw this.#fault(allowed);
  }

  #object(): void {
    const placeOf = new Map<string, number>();
    this.#entries('}', 'a name in double quotes', () => {
      const place = this.#at;
      if (this.#text[this.#at] !== '"') throw this.#fault('a name in double quotes');
      const name = this.#string();
      this.#path.push(name);
      const earlier = placeOf.get(name);
      if (earlier !== undefined) {
        const lines = [earlier, place].map((at) => this.#lineAndColumn(at)[0]) as [number, number];
        this.repeated.push({ path: [...this.#path], lines });
      }
      placeOf.set(name, place);
      this.#skipSpace();
      if (!this.#takeSign(':')) throw this.#fault('":"');
      this.#skipSpace();
      this.#value('a value: text in double quotes, a number, true, false, an object or a list');
      this.#path.pop();
    });
  }

  #list(): void {
    let i = 0;
    this.#entries(']', 'a value', () => {
      this.#path.push(i++);
      this.#value('a value: text in double quotes, a number, true, false, an object or a list');
      this.#path.pop();
    });
  }

  #entries(end: '}' | ']', entry: string, readEntry: () => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#takeSign(end)) return;
    for (;;) {
      readEntry();
      this.#skipSpace();
      if (this.#takeSign(end)) return;
      const isNext = /["{[]/.test(this.#text[this.#at] ?? '');
      if (!this.#takeSign(',')) throw this.#fault(`"," or "${end}"`, isNext ? 'Is a comma missing before it?' : '');
      this.#skipSpace();
      if (this.#text[this.#at] === end) throw this.#fault(`${entry} after a comma`, 'Take the comma before it away.');
    }
  }

  /** @returns what it says. */
  #string(): string {
    const start = this.#at++;
    while (this.#text[this.#at] !== '"') {
      const code = this.#text.charCodeAt(this.#at);
      // Also at the end of the text, where it is NaN.
      if (!(code >= 0x20)) {
        this.#at = start;
        throw this.#fault('text that ends with a double quote on its line', '', 'text that does not end on its line');
      }
      if (code !== 0x5c) this.#at++;
      else if (!this.#take(ESCAPE)) throw this.#fault('\\" or \\\\ and the like', 'Write a backslash twice.');
    }
    return JSON.parse(this.#text.slice(start, ++this.#at)) as string;
  }

  #fault(allowed: string, fix = '', found = this.#found()): InputError {
    const [line, column] = this.#lineAndColumn(this.#at);
    const advice = [fix, this.#advice()].find((sentence) => sentence !== '');
    return new InputError(
      `line ${line}, column ${column}: found ${found}; allowed is ${allowed}.${advice === undefined ? '' : ` ${advice}`}`,
    );
  }

  #found(): string {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    if (rest === '') return 'the end of the file';
    if (/^(\/\/|\/\*|#)/.test(rest)) return 'a comment';
    const [word] = /^[\p{L}\d_$.+-]+/u.exec(rest) ?? [];
    if (word !== undefined) return word;
    const sign = String.fromCodePoint(rest.codePointAt(0)!);
    return /[\x21-\x7e\p{P}\p{S}]/u.test(sign)
      ? `a ${sign}`
      : `the character U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  }

  /** What helps whatever was allowed. */
  #advice(): string {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (/^(\/\/|\/\*|#)/.test(rest)) return 'JSON has no comments: take it out, or say it in the "note" of a rule.';
    return /^['‘’“”„«»`]/.test(rest) ? 'Quotes are straight double ones: ".' : '';
  }

  #skipSpace(): void {
    this.#take(SPACE);
  }

  #takeSign(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #lineAndColumn(offset: number): [line: number, column: number] {
    const lines = this.#text.slice(0, offset).split(/\r\n|\r|\n/);
    return [lines.length, lines.at(-1)!.length + 1];
  }
}

import type { SourceFile } from './source-file.ts';

/** Bits of what values are, as the kernel has them. */
const NOT_INTEGER = 1;
const NOT_DECIMAL = 2;
const IS_VALUE = 4;

/** Written in JSON as it is. */
const PLAIN_KEY = /^[^"\\\p{Cc}]+$/u;
const MOST_KEYS = 2000;

/**
 * The keys of the first lines of some files, in the order of their first appearance, and what their values seem to be.
 *
 * @returns undefined where a line is no object, or a key is not written as it reads.
 */
export function knownKeys(files: readonly SourceFile[]): { keys: string[]; flags: number[] } | undefined {
  const flags = new Map<string, number>();
  for (const { start, isWhole } of files) {
    const lines = new TextDecoder().decode(start).split('\n');
    // What is cut off, or empty.
    if (!isWhole || lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      const object = objectOf(line);
      if (object === undefined) return undefined;
      for (const [key, value] of Object.entries(object)) flags.set(key, (flags.get(key) ?? 0) | flagsOf(value));
    }
  }
  const keys = [...flags.keys()];
  // JavaScript puts keys that are whole numbers first.
  const arePlain = keys.every((key) => PLAIN_KEY.test(key) && !/^\d+$/.test(key));
  if (!arePlain || keys.length === 0 || keys.length > MOST_KEYS) return undefined;
  return { keys, flags: keys.map((key) => flags.get(key)!) };
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The kernel looks at all values: this need only be likely. */
function flagsOf(value: unknown): number {
  if (value === null) return 0;
  if (typeof value === 'object') return IS_VALUE | NOT_INTEGER | NOT_DECIMAL;
  const text = String(value);
  if (/^(0|-?[1-9]\d{0,17})$/.test(text)) return IS_VALUE;
  if (/^-?(0|[1-9]\d{0,8})\.\d{1,6}$/.test(text)) return IS_VALUE | NOT_INTEGER;
  return IS_VALUE | NOT_INTEGER | NOT_DECIMAL;
}

import type { SourceFile } from './source-file.ts';

/** The keys of the first rows of a file of JSON, each once, as far as they can be told without reading all of it. */
export function keysAtStart({ start, format }: Pick<SourceFile, 'start' | 'format'>): string[] {
  const text = new TextDecoder().decode(start);
  if (format !== 'jsonl') return documentKeys(text, format === 'json-array' ? 2 : 1);
  return Array.from(new Set(text.split(/[\r\n]+/, 1000).flatMap(keysOf)));
}

/** The keys of the objects that a document is a list of, and not of those inside of them. @param level of nesting, from 1. */
function documentKeys(text: string, level: number): string[] {
  const keys = new Set<string>();
  let depth = 0;
  for (const [token, key] of text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (key !== undefined && depth === level) keys.add(JSON.parse(`"${key}"`));
  }
  return [...keys];
}

/** Of a line that is an object. */
function keysOf(line: string): string[] {
  try {
    return Object.keys(JSON.parse(line));
  } catch {
    return [];
  }
}

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { XmlItems } from '../../../engine/catalogue/xml-items.ts';
import type { SourceFile } from '../../../engine/clicks/source-file.ts';
import { detectEncoding } from '../../../engine/clicks/source-format.ts';
import { InputError } from '../../../engine/errors.ts';
import { openSourceFile } from '../duckdb/open-source-file.ts';
import { readPieces } from '../duckdb/plain-file.ts';

export interface FeedFile {
  file: SourceFile;
  /** Hex, of the file as it was given. */
  sha256: string;
  /** Of an XML feed: the line at which each item begins, from 1. */
  linesOfItems: readonly number[] | undefined;
}

/**
 * A downloaded feed, unpacked and in UTF-8. XML becomes JSON Lines, an item a line.
 *
 * @param encoding undefined: as the file says itself, else UTF-8. @throws InputError when it cannot be unpacked or read.
 */
export async function openFeedFile(
  path: string,
  name: string,
  encoding: 'utf-8' | 'latin-1' | 'utf-16' | undefined,
): Promise<FeedFile> {
  const { file, ...source } = await openSourceFile(path, name, (start) =>
    encoding === undefined
      ? (declaredEncoding(start) ?? detectEncoding(start, 'utf-8'))
      : detectEncoding(start, encoding),
  );
  const sha256 = await source.sha256();
  if (!isXml(file)) return { file, sha256, linesOfItems: undefined };
  if (WEB_PAGE.test(decoded(file.start))) {
    throw new InputError(
      `${name} is a web page and no feed: perhaps a sign-in or an error page was saved in its place. Export the feed again.`,
    );
  }
  const linesOfItems: number[] = [];
  const itemsPath = `${path}.jsonl`;
  await pipeline(Readable.from(itemLines(file, linesOfItems)), createWriteStream(itemsPath));
  if (linesOfItems.length === 0) {
    throw new InputError(
      `${name} is XML without any <item>, <entry> or <product>: export it as RSS 2.0 or Atom, as Google Merchant Center takes it.`,
    );
  }
  const items: SourceFile = { ...file, path: itemsPath, format: 'jsonl', read: () => readPieces(itemsPath) };
  return { file: items, sha256, linesOfItems };
}

const WEB_PAGE = /^\ufeff?\s*(<\?xml[^>]*>\s*)?<(!DOCTYPE\s+html|html)\b/i;

function isXml({ format, start }: SourceFile): boolean {
  return format === 'csv' && /^\ufeff?\s*<(\?xml|!--|!DOCTYPE|[a-z])/i.test(decoded(start));
}

/** `<?xml encoding="…"?>`, where it is one that `TextDecoder` knows; what UTF-16 is shows by its bytes. */
function declaredEncoding(start: Uint8Array): string | undefined {
  const label = /^[^<]{0,3}\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(decoded(start))?.[1];
  if (label === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-16') ? undefined : encoding;
  } catch {
    return undefined;
  }
}

function decoded(start: Uint8Array): string {
  return new TextDecoder().decode(start.subarray(0, 1_000));
}

async function* itemLines(file: SourceFile, linesOfItems: number[]): AsyncGenerator<string> {
  const items = new XmlItems(file.name);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const linesOf = (text: string) =>
    items
      .add(text)
      .map(({ line, values }) => {
        linesOfItems.push(line);
        return `${JSON.stringify(values)}\n`;
      })
      .join('');
  try {
    for await (const piece of file.read()) yield linesOf(decoder.decode(piece, { stream: true }));
    yield linesOf(decoder.decode());
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new InputError(
      `${file.name} is not UTF-8. Say so in its first line (<?xml encoding="…"?>), or with --encoding latin-1.`,
      { cause },
    );
  }
  items.end();
}

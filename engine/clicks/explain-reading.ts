import { AlikeError, InputError, messageOf } from '../errors.ts';
import type { Scan } from './scan.ts';
import type { SourceFile } from './source-file.ts';

const FORMAT_LABELS = {
  csv: 'CSV',
  jsonl: 'JSON Lines',
  json: 'JSON',
  'json-array': 'JSON',
  parquet: 'Parquet',
} as const;

/** The kind of error that DuckDB puts before what it says. */
const ERROR_KIND = /^[A-Z][A-Za-z ]* Error: /;
const OUT_OF_MEMORY = /^Out of Memory Error/;
/** Of our own SQL, not of a file. */
const OWN_FAULT = /^(Binder|Catalog|Parser) Error/;

/** Advice for records that are not UTF-8. */
export const LATIN_1_HINT =
  'If the file is Latin-1 (Windows-1252), say so with the encoding "latin-1" (--encoding latin-1).';

/** Whether a record was refused since it is not UTF-8. */
export function isNotUtf8(reason: string): boolean {
  return reason.startsWith('invalid encoding');
}

/** What DuckDB says, ready to go on in a sentence. */
export function withoutEnd(message: string): string {
  return message.replace(/[\s.]+$/, '');
}

/** @throws InputError that names the file in place of DuckDB's own message. */
export async function explained<T>(files: readonly SourceFile[], read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof AlikeError ? cause : unreadable(files, cause);
  }
}

/** Parquet is read as it is needed: what is damaged in the middle of a file shows in a later query. */
export async function explainedLater<T>(scans: readonly Scan[], query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    const isAnyFormat = OUT_OF_MEMORY.test(messageOf(cause));
    const files = scans
      .flatMap((scan) => scan.files.map(({ file }) => file))
      .filter(({ format }) => isAnyFormat || format === 'parquet');
    if (cause instanceof AlikeError || files.length === 0 || OWN_FAULT.test(messageOf(cause))) throw cause;
    throw unreadable(files, cause);
  }
}

function unreadable(files: readonly SourceFile[], cause: unknown): InputError {
  const message = messageOf(cause).split('\n')[0].replace(ERROR_KIND, '');
  // The longest path first: that of `source-12` begins with that of `source-1`.
  const named = files.filter(({ path }) => message.includes(path)).sort((a, b) => b.path.length - a.path.length);
  const file = named[0] ?? files[0];
  if (OUT_OF_MEMORY.test(messageOf(cause))) {
    const limit = /\/([\d.]+ [KMG]iB) used/.exec(message)?.[1];
    return new InputError(
      `${file.name} cannot be read in the memory that there is for it${limit === undefined ? '' : ` (${limit})`}: it has many columns, or long texts. Export the columns that are needed and leave the others out, or read it on a machine with more memory.`,
      { cause },
    );
  }
  const reason = named.reduce((text, { path, name }) => text.replaceAll(path, () => name), message);
  return new InputError(
    `${file.name} cannot be read as ${FORMAT_LABELS[file.format]}: ${withoutEnd(reason)}. If it was cut off or damaged on its way, upload it again.`,
    { cause },
  );
}

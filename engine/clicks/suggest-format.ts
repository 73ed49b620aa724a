import { CLICK_FORMATS } from '../artifacts/click-formats.ts';
import { InputError } from '../errors.ts';
import { rootOf } from './column-path.ts';
import { quoteNames } from './csv-header.ts';
import { firstLike, LIKE } from './likely-columns.ts';
import type { ResolvedReading } from './recognise-format.ts';
import { oneOf, option } from './suggested-options.ts';

/** Says of a file that has a format's header but not all of its columns which are missing, and the command that names them. */
export function incompleteFormat(
  fileName: string,
  reading: ResolvedReading,
  missing: readonly string[],
  found: readonly string[],
): InputError {
  return new InputError(
    `${fileName} has no column ${quoteNames(missing)}. Its header has ${quoteNames(found)}. ${adviceOnFormat(reading, missing, found)}`,
  );
}

/** Of a header that is the format's, but for a column. */
export function adviceOnFormat(
  { format, columns }: Pick<ResolvedReading, 'format' | 'columns'>,
  missing: readonly string[],
  found: readonly string[],
): string {
  const { session, user, product, order, time, event } = columns;
  const named = [session ?? [], user ?? [], product ?? [], order ?? [], time ?? [], event ?? []].flat();
  const roles = { session, user, product, order, time, event };
  const free = found.filter((name) => !named.some((path) => path === name || rootOf(path) === name));
  const guess = (role: keyof typeof roles) => {
    const like = role === 'event' ? [] : LIKE[role];
    const i = free.indexOf(
      firstLike(
        like,
        free.map((path) => ({ path, values: [] })),
      )?.path ?? '',
    );
    return i < 0 ? 'COLUMN' : free.splice(i, 1)[0];
  };
  const lacking = Object.entries(roles).filter(([, value]) =>
    [value ?? []].flat().some((name) => missing.includes(name)),
  );
  const options = lacking.map(([role, value]) => {
    const parts = [value ?? []]
      .flat()
      .map((name) => (missing.includes(name) ? guess(role as keyof typeof roles) : name));
    return option(role, parts.join());
  });
  const isOpen = options.some((text) => text.includes('COLUMN'));
  return `Otherwise it is of the format ${format} (${CLICK_FORMATS[format!].source}). Say which column is the ${lacking.map(([role]) => role).join(' and the ')}:\n  npm run train -- --data FILE --format ${format} ${options.join(' ')}${isOpen ? `\nIn place of COLUMN put ${oneOf(free)}.` : ''}`;
}

/** Says of a file of no known format that another one beside it has one: most likely it is a text about the data. */
export function strayFile(fileName: string, known: { name: string; format: string }): InputError {
  return new InputError(
    `${fileName} is of no known format, and ${known.name} is: ${known.format}. All files of a folder are one table: move what is no data elsewhere, or name the files to read, as in --data 'folder/clicks*.csv'.`,
  );
}

import { InputError } from '../errors.ts';
import { isJson } from '../is-json.ts';
import { shellWord } from '../shell-word.ts';
import { quoteNames } from './csv-header.ts';
import { all, IS_CLOCK, IS_DATE, isMeasure, isMoment, type SampledField, timeFormatOf } from './likely-columns.ts';
import { baseName, oneOf, option } from './suggested-options.ts';

/** Of a table whose rows are sessions and say no more than their products. */
export function adviceOnLists(products: string, fileName: string, delimiter: string | undefined): string {
  const train = `npm run train -- --data numbered.csv --session session --product ${shellWord(products)}`;
  const says = `No column is a session or a time, and ${quoteNames([products.slice(0, -2)])} holds lists of products: each row is a session.`;
  if (delimiter !== ',') return `${says} Give each row a number, in a column that is called session; then:\n  ${train}`;
  return `${says} Number the rows, ${numberRows('session', fileName)}\n  ${train}`;
}

/** Of a comma-separated table with a session and a product alone. @param options those of `train` that name them. */
export function adviceOnNoOrder(fileName: string, options: readonly string[]): string {
  return `No other column says in which order the products of a session were viewed. If the rows stand in that order, number them, ${numberRows('row', fileName)}\n  npm run train -- --data numbered.csv ${[...options, option('order', 'row')].join(' ')}\nIf they do not, export the time or a counter, too.`;
}

/** @param column that the numbers are in. */
function numberRows(column: string, fileName: string): string {
  const number = `import csv, sys; csv.writer(sys.stdout).writerows([i or '${column}', *row] for i, row in enumerate(csv.reader(sys.stdin)))`;
  return `in the folder of the file:\n  python3 -c "${number}" < ${shellWord(baseName(fileName))} > numbered.csv`;
}

/**
 * Of a list in a list, as of orders and their lines: the command that makes a row of each element of the outer one.
 *
 * @param outer its path: `orders[]`.
 */
export function adviceOnListInList(outer: string, fileName: string): string {
  return `${quoteNames([outer])} is a list that holds lists, and a path takes the elements of one. Make a row of each of its elements, in the folder of the file:\n  jq -c ${shellWord(`.${outer}`)} ${shellWord(baseName(fileName))} > rows.jsonl`;
}

/**
 * Lines that hold an object of JSON after one other text, as logs and dumps of queues do, are no table.
 *
 * @throws InputError with the command that keeps the objects.
 */
export function refuseJsonAfterText(fileName: string, firstLine: string): void {
  const at = firstLine.indexOf('{');
  const cellsBefore = firstLine.slice(0, at).split(/[\t;|,]/);
  if (at <= 0 || cellsBefore.length > 2 || cellsBefore[1]?.trim() || !isJson(firstLine.slice(at))) return;
  throw new InputError(
    `${fileName} is of no known format. Its lines hold JSON after other text. Keep the objects alone, in the folder of the file, and train on them:\n  sed 's/^[^{]*//' ${shellWord(baseName(fileName))} > clicks.jsonl`,
  );
}

/** Names for the cells of a row, in their order: a time shows by its form; the session and the product are guessed. */
export function adviceOnNoHeader(fields: readonly SampledField[]): string {
  // What the reader made of the first row's cells.
  const cells = fields.map(({ path, values }) => ({ path, values: [path.replace(/_\d+$/, ''), ...values] }));
  const time = cells.findIndex(isMoment);
  const clock = time >= 0 && all(IS_DATE)(cells[time]) ? cells.findIndex(all(IS_CLOCK)) : -1;
  const isGuess = (cell: SampledField) =>
    !/^column\d+$/.test(cell.path) &&
    !isMeasure(cell) &&
    !isMoment(cell) &&
    !all(IS_CLOCK)(cell) &&
    !cell.values.some((value) => /^\s*[[{]|^-\d/.test(value));
  // What is the same in all rows tells nothing apart.
  const varies = ({ values }: SampledField) => values.length < 3 || new Set(values).size > 1;
  const guesses = ['session', 'product'];
  const names = cells.map((cell, i) => {
    if (i === time) return clock < 0 ? 'time' : 'day';
    if (i === clock) return 'clock';
    return isGuess(cell) && varies(cell) ? (guesses.shift() ?? `column${i + 1}`) : `column${i + 1}`;
  });
  const format = time < 0 ? undefined : timeFormatOf(cells[time]);
  const options = [
    option('session', guesses.includes('session') ? undefined : 'session'),
    option('product', guesses.includes('product') ? undefined : 'product'),
    option('time', time < 0 ? undefined : clock < 0 ? 'time' : 'day,clock'),
    ...(format === undefined ? [] : [option('time-format', format)]),
  ];
  const isOpen = options.some((text) => text.endsWith(' COLUMN'));
  const free = names.filter((name) => /^column/.test(name));
  return `The first line looks like a row and not like a header. Then name its cells in their order; this is a guess:\n  npm run train -- --data FILE --names ${names.join()} ${options.join(' ')}${isOpen ? `\nIn place of COLUMN put the cell that says it: ${oneOf(free)}.` : ''}`;
}

/** Of a file whose lines are not split by any delimiter. */
export function adviceOnOneColumn(header: string, fileName: string): string {
  if (/^\s*<(!doctype|html|\?xml|[a-z]+[\s>])/i.test(header)) {
    return 'It is a web page or XML and not a table: perhaps a sign-in page was saved in its place. Export a table with a row for each view.';
  }
  const advice =
    'A table has at least a product and a session or a user: no delimiter splits these lines. Export a table with a row for each view.';
  return /^[\w-]+( [\w-]+)+$/.test(header)
    ? `${advice} If each line holds the products of one session, number the lines, in the folder of the file:\n  nl -w1 -ba ${shellWord(baseName(fileName))} > sessions.tsv\n  npm run train -- --data sessions.tsv --names session,products --session session --product 'products[]'`
    : advice;
}

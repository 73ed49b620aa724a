import { CLICK_FORMATS, type ClickFormat, columnsOf } from '../artifacts/click-formats.ts';
import { type FormatName, faultOfColumns, namesColumns, type Reading } from '../artifacts/click-source.ts';
import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';
import { quoteNames } from './csv-header.ts';

/** How the files of a run are read, complete. */
export interface ResolvedReading extends Reading {
  /** As it was named or recognised. */
  format: FormatName | undefined;
}

type Request = Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>;

/** What the request says without a look at the files; undefined when their header has to tell the format. */
export function readingOfRequest(request: Request): ResolvedReading | undefined {
  if (request.format === undefined && !namesColumns(request.columns)) return undefined;
  return complete(request, request.format);
}

/** The format whose header or first line a file has. */
export function recogniseFormat(columns: readonly string[], firstLine: string): FormatName | undefined {
  const has = new Set(columns);
  const names = Object.keys(CLICK_FORMATS) as FormatName[];
  return names.find((name) => {
    const { header, firstLine: pattern }: ClickFormat = CLICK_FORMATS[name];
    return header === undefined ? pattern?.test(firstLine) : header.every((column) => has.has(column));
  });
}

/**
 * @param columns of the first file. @throws InputError when they belong to no known format: it names what looks like
 * session, product and time, and the command to run.
 */
export function readingOfHeader(
  request: Request,
  columns: readonly string[],
  firstLine: string,
  fileName: string,
): ResolvedReading {
  const format = recogniseFormat(columns, firstLine);
  if (format !== undefined) return complete(request, format);
  throw new InputError(
    `${fileName} is of no known format. Its columns are ${quoteNames(columns)}.\n${suggestion(columns, request.names)}`,
  );
}

function complete(request: Request, format: FormatName | undefined): ResolvedReading {
  const known: Reading = format === undefined ? { columns: {} } : CLICK_FORMATS[format];
  const columns = columnsOf(format, request.columns);
  const fault = faultOfColumns(columns);
  if (fault !== undefined) throw new InputError(`The columns are not complete: ${fault.message}.`);
  return {
    format,
    columns,
    where: request.where ?? known.where,
    names: request.names ?? known.names,
    delimiter: request.delimiter ?? known.delimiter,
  };
}

/** In English, and by the commonest words of German, French, Spanish and Italian. */
const LIKE = {
  session: /session|sitzung|sesi[oó]n|(^|[^a-z])sid$|visit_?id|visite?$|basket|order_?id|invoice|cart_?id/i,
  user: /user|visitor|customer|client|anonymous|device|reviewer|member|shopper|kunde|besucher|nutzer|utente|usuario/i,
  product: /produ[ck]t|produit|prodotto|item|sku|arti[ck][eou]l|asin|(^|[^a-z])(pid|aid)$|stock_?code|goods/i,
  time: /time|date|(^|[^a-z])ts$|stamp|_at$|(^|[^a-z])at$|^when$|zeit|datum|fecha|heure/i,
} as const;

/** The command to run, as far as names tell it. */
function suggestion(columns: readonly string[], givenNames: readonly string[] | undefined): string {
  const idLike = columns.filter((name) => !/name|title|category|price|type|url|desc/i.test(name));
  const taken = new Set<string>();
  const pick = (kind: keyof typeof LIKE, from: readonly string[]) => {
    const found = from.find((name) => LIKE[kind].test(name) && !taken.has(name));
    if (found !== undefined) taken.add(found);
    return found;
  };
  const time = pick('time', columns);
  const session = pick('session', idLike);
  const product = pick('product', idLike);
  const user = session === undefined ? pick('user', idLike) : undefined;
  const found = Object.entries({ session, user, product, time })
    .filter(([, column]) => column !== undefined)
    .map(([kind, column], i) => `${quoteNames([column!])} ${i === 0 ? 'looks ' : ''}like the ${kind}`);
  const option = (name: string, column: string | undefined) => `--${name} ${shellWord(column ?? 'COLUMN')}`;
  const whose = user === undefined ? option('session', session) : `${option('user', user)} --gap 30m`;
  if (columns.length === 1) return `${oneColumn(columns[0])} Export a table with a row for each view.`;
  const guess = found.length === 0 ? 'None of them looks like a session, a product or a time.' : `${found.join(', ')}.`;
  if (givenNames === undefined && columns.some((name) => /^\d[\d.:TZ+ -]+$/.test(name))) {
    return `The first line looks like a row and not like a header. Then name its cells in their order:\n  npm run train -- --data FILE --names session,product,time --session session --product product --time time`;
  }
  const names = givenNames === undefined ? '' : `--names ${shellWord(givenNames.join())} `;
  return `${guess} Say which is which:\n  npm run train -- --data FILE ${names}${whose} ${option('product', product)} ${option('time', time)}\nA known source is named with --format; a file without a header gets --names.`;
}

/** Of a file whose lines are not split by any delimiter. */
function oneColumn(header: string): string {
  if (/^\s*<(!doctype|html|\?xml|[a-z]+[\s>])/i.test(header))
    return 'It is a web page or XML and not a table: perhaps a sign-in page was saved in its place.';
  return 'A table has at least a product and a session or a user: no delimiter splits these lines.';
}

function shellWord(text: string): string {
  return /^[\w.,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

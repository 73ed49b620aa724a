import { InputError } from '../errors.ts';
import { quoteNames } from './csv-header.ts';
import { kindOfEvent } from './event-kinds.ts';
import type { JsonValue } from './sample-rows.ts';

/** A column, or a value inside one, with what it holds in the first rows. */
export interface SampledField {
  /** As `--product` takes it: `items[].item_id`. */
  path: string;
  values: string[];
}

/** How deep fields are looked for. */
const MOST_LEVELS = 4;
/** A column with more kinds of values is no event. */
export const MOST_EVENTS = 20;

/**
 * The likeliest first, in English and by the commonest words of German, French, Spanish and Italian, Chinese and Japanese.
 * Of the fields that fit a line alike, the first is taken.
 */
const LIKE = {
  session: [
    /session|sitzung|sesi[oó]n|セッション|会话/i,
    /(^|[^a-z])sid$|visit[_ -]?id|visite?s?$|besuchs?[_ -]?(id|nr|nummer)?$/i,
    /basket|order[_ -]?id|invoice|cart[_ -]?id|warenkorb|bestell|commande|pedido|ordine|注文|订单/i,
  ],
  user: [
    /user|visitor|customer|client|anonymous|distinct_?id|(^|[^a-z])uid$|kunde|besucher|nutzer|utente|usuario|会員|顧客|用户/i,
    /device|reviewer|member|shopper/i,
  ],
  product: [
    /(produ[ck]t|produit|prodotto|item|arti[ck][eou]l|article|goods|variant)s?[^a-z]{0,4}(id|sku|code|nr|no|num|number|nummer|hash|key)([^a-z]|$)/i,
    /sku|asin|stock_?code|(^|[^a-z])(pid|aid)$|artikelnummer|商品コード|商品番号|商品(id|编号)/i,
    /produ[ck]t|produit|prodotto|item|arti[ck][eou]l|article|goods|商品/i,
  ],
  time: [/time|(^|[^a-z])ts$|stamp|_at$|(^|[^a-z])at$|^when$|zeit|heure|日時|时间/i, /date|datum|fecha|日付|日期/i],
  order: [/(^|[^a-z])(order|position|pos|step|rank|seq|sequence|index|reihenfolge)$/i],
} as const;

/** What says something about a product and does not tell which. */
const IS_NO_ID =
  /(name|title|category|categoria|kategorie|price|preis|prix|precio|type|url|desc\w*|action|quantity|qty|menge|count|amount|brand|colou?r|status|商品名|価格)s?$/i;
/** Of a column's name. */
export const MAY_BE_EVENT = /^(event|event[_ ]?(type|name)|\w*action(_?type)?|type)$/i;
/** Of events, the one that is a look at a product. */
const IS_VIEW = [/(product|item|pdp).*view|view.*(product|item|pdp)/i, /detail/i, /^(page)?view$|^pv$/i, /click|view/i];

const IS_DATE = /^((19|20)\d{6}|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})$/;
const IS_TIME_OF_DAY = /^\d{1,2}:?\d{2}(:?\d{2}(\.\d+)?)?$/;
const IS_MOMENT =
  /^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ,].*)?|1\d{9}(\.\d+|\d{3}|\d{6})?)$/;

/** The fields of rows, those inside of a column by their paths. */
export function sampledFields(columns: readonly string[], rows: readonly Record<string, JsonValue>[]): SampledField[] {
  const fields = new Map<string, string[]>();
  const add = (path: string, value: JsonValue | undefined, level: number): void => {
    if (value === null || value === undefined || value === '') return;
    if (typeof value !== 'object') {
      const values = fields.get(path) ?? [];
      values.push(String(value));
      fields.set(path, values);
    } else if (level < MOST_LEVELS) {
      for (const [name, inner] of Array.isArray(value) ? elementsOf(value) : Object.entries(value)) {
        // A path cannot name what holds its own signs.
        if (!/[.[\]]/.test(name))
          add(Array.isArray(value) ? path + pathOfElement(name) : `${path}.${name}`, inner, level + 1);
      }
    }
  };
  for (const row of rows) for (const column of columns) add(column, row[column], 0);
  const pathsOf = (column: string) => {
    const paths = Array.from(fields.keys()).filter((path) => columnOf(path, columns) === column);
    return paths.length === 0 ? [column] : paths;
  };
  return columns.flatMap(pathsOf).map((path) => ({ path, values: fields.get(path) ?? [] }));
}

/** The column that a path begins with: the longest, since names may hold dots. */
function columnOf(path: string, columns: readonly string[]): string | undefined {
  if (columns.includes(path)) return path;
  return columns
    .filter((name) => path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** A list of keys and values, as GA4's `event_params`, has a path for each key; any other list has one for all of its elements. */
function elementsOf(list: JsonValue[]): [string, JsonValue][] {
  return list.map((element) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) return ['', element];
    const { key, value } = element;
    if (typeof key !== 'string' || value === undefined) return ['', element];
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : [value];
    return [key, inner.find((one) => one !== null) ?? null];
  });
}

function pathOfElement(name: string): string {
  return name === '' ? '[]' : `.${name}`;
}

/**
 * Says of a file of no known format what its columns look like, and the command to run as far as names and values tell it.
 *
 * @param givenNames by `--names`.
 */
export function unknownFormat(
  fileName: string,
  fields: readonly SampledField[],
  givenNames: readonly string[] | undefined,
): InputError {
  const paths = fields.map(({ path }) => path);
  if (paths.length === 0) {
    return new InputError(
      `${fileName} is of no known format: none of its first lines is a JSON object. Export it again, with an object for each row.`,
    );
  }
  const looksLikeRow = givenNames === undefined && paths.some((name) => /^\d[\d.:TZ+ -]+$/.test(name));
  const advice =
    paths.length === 1
      ? adviceOnOneColumn(paths[0], fileName)
      : looksLikeRow
        ? adviceOnNoHeader(paths)
        : suggestion(fields, givenNames);
  return new InputError(`${fileName} is of no known format. Its columns are ${quoteNames(paths)}.\n${advice}`);
}

/** Says of a file of no known format that another one beside it has one: most likely it is a text about the data. */
export function strayFile(fileName: string, known: { name: string; format: string }): InputError {
  return new InputError(
    `${fileName} is of no known format, and ${known.name} is: ${known.format}. All files of a folder are one table: move what is no data elsewhere, or name the files to read, as in --data 'folder/clicks*.csv'.`,
  );
}

function suggestion(fields: readonly SampledField[], givenNames: readonly string[] | undefined): string {
  const ids = fields.filter(({ path }) => !IS_NO_ID.test(path));
  const taken = new Set<SampledField>();
  const pick = (kind: keyof typeof LIKE) => {
    const found = firstLike(
      LIKE[kind],
      ids.filter((field) => !taken.has(field)),
    );
    if (found !== undefined) taken.add(found);
    return found;
  };
  const time = timesOf(fields);
  for (const field of time) taken.add(field);
  const named = pick('session');
  const product = pick('product');
  const user = named === undefined ? pick('user') : undefined;
  const numbering = pick('order');
  const isSession = numbering !== undefined && named === undefined && user === undefined && !isCounter(numbering);
  const session = isSession ? numbering : named;
  const order = time.length === 0 && !isSession && numbering?.values.every(isNumber) ? numbering : undefined;
  const event = fields.find((field) => !taken.has(field) && isEvent(field));
  const found = Object.entries({ session, user, product, time: time[0], order, event })
    .filter(([, field]) => field !== undefined)
    .map(([kind, field], i) => `${quoteNames([field!.path])} ${i === 0 ? 'looks ' : ''}like the ${kind}`);
  const products = product && pathOfProducts(product);
  const options = [
    ...(givenNames === undefined ? [] : [option('names', givenNames.join())]),
    user === undefined || time.length === 0
      ? option('session', (session ?? user)?.path)
      : `${option('user', user.path)} --gap 30m`,
    option('product', products),
    ...(order === undefined ? [] : [option('order', order.path)]),
    ...(order !== undefined || (time.length === 0 && products?.endsWith('[]'))
      ? []
      : [option('time', time.map(({ path }) => path).join() || undefined)]),
    ...(event === undefined ? [] : [option('event', event.path), eventOption(event)]),
  ];
  return [
    found.length === 0 ? 'None of them looks like a session, a product or a time.' : `${found.join(', ')}.`,
    ...(event === undefined ? [] : [`Its events are ${quoteNames(eventsOf(event))}.`]),
    `Say which is which:\n  npm run train -- --data FILE ${options.join(' ')}\nA known source is named with --format; a file without a header gets --names.`,
  ].join(' ');
}

/** Names for the cells of a row, in their order: a time shows by its form; the session and the product are guessed. */
function adviceOnNoHeader(cells: readonly string[]): string {
  const time = cells.findIndex((cell) => IS_MOMENT.test(cell));
  const guesses = ['session', 'product'];
  const names = cells.map((cell, i) => {
    if (i === time) return 'time';
    // An empty cell has the name that a column without a name gets.
    return (/^column\d+$/.test(cell) ? undefined : guesses.shift()) ?? `column${i + 1}`;
  });
  const options = ['--session session', '--product product', ...(time < 0 ? [] : ['--time time'])];
  return `The first line looks like a row and not like a header. Then name its cells in their order; this is a guess:\n  npm run train -- --data FILE --names ${names.join()} ${options.join(' ')}`;
}

/** Of a file whose lines are not split by any delimiter. */
function adviceOnOneColumn(header: string, fileName: string): string {
  if (/^\s*<(!doctype|html|\?xml|[a-z]+[\s>])/i.test(header)) {
    return 'It is a web page or XML and not a table: perhaps a sign-in page was saved in its place. Export a table with a row for each view.';
  }
  const advice =
    'A table has at least a product and a session or a user: no delimiter splits these lines. Export a table with a row for each view.';
  return /^[\w-]+( [\w-]+)+$/.test(header)
    ? `${advice} If each line holds the products of one session, number the lines:\n  nl -w1 -ba ${shellWord(fileName)} > sessions.tsv\n  npm run train -- --data sessions.tsv --names session,products --session session --product 'products[]'`
    : advice;
}

/** The moment of a row: a column, or a day and the time of that day. */
function timesOf(fields: readonly SampledField[]): SampledField[] {
  const like = fields.filter(({ path }) => LIKE.time.some((pattern) => pattern.test(path)));
  const all = (test: RegExp) => (field: SampledField) =>
    field.values.length > 0 && field.values.every((value) => test.test(value));
  const day = fields.find((field) => all(IS_DATE)(field) && (like.includes(field) || all(IS_MOMENT)(field)));
  const timeOfDay = day && like.find((field) => field !== day && all(IS_TIME_OF_DAY)(field) && !all(IS_DATE)(field));
  const moment = firstLike(
    LIKE.time,
    like.filter((field) => field.values.length === 0 || all(IS_MOMENT)(field)),
  );
  if (timeOfDay !== undefined && (moment === undefined || moment === day)) return [day!, timeOfDay];
  const one = moment ?? firstLike(LIKE.time, like) ?? fields.find(all(IS_MOMENT));
  return one === undefined ? [] : [one];
}

function firstLike(patterns: readonly RegExp[], fields: readonly SampledField[]): SampledField | undefined {
  for (const pattern of patterns) {
    const found = fields.find(({ path }) => pattern.test(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a column numbers the views of sessions: one that has another number, or a name, in each row is their id. */
function isCounter({ values }: SampledField): boolean {
  return values.every(isNumber) && (values.length < 2 || new Set(values).size < values.length);
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/** A cell with several products is a list of them. */
function pathOfProducts({ path, values }: SampledField): string {
  const lists = values.filter((value) => /^[\w-]+([,;|]\s*[\w-]+)+$/.test(value)).length;
  return !path.endsWith('[]') && lists * 2 > values.length ? `${path}[]` : path;
}

function isEvent(field: SampledField): boolean {
  return MAY_BE_EVENT.test(field.path) && isSeveral(eventsOf(field));
}

function isSeveral(names: readonly string[]): boolean {
  return names.length > 1 && names.length <= MOST_EVENTS;
}

/** Whether a column has events, and not another kind of names: one of them at least is known. */
export function looksLikeEvents(names: readonly string[]): boolean {
  return isSeveral(names) && (viewOf(names) !== undefined || names.some((name) => kindOfEvent(name) !== 'view'));
}

/** As options: the likeliest view counts 1, and carts and purchases more. */
export function suggestedWeights(column: string, names: readonly string[]): string {
  const view = viewOf(names);
  const weights = names.flatMap((name) => {
    const kind = kindOfEvent(name);
    return kind === 'view' ? (name === view ? [`${name}=1`] : []) : [`${name}=${kind === 'cart' ? 3 : 5}`];
  });
  return `${option('event', column)} ${option('events', weights.join())}`;
}

function eventsOf({ values }: SampledField): string[] {
  return Array.from(new Set(values));
}

function eventOption(event: SampledField): string {
  return option('events', `${viewOf(eventsOf(event)) ?? 'NAME'}=1`);
}

function viewOf(names: readonly string[]): string | undefined {
  return IS_VIEW.map((pattern) => names.find((name) => pattern.test(name))).find((name) => name !== undefined);
}

function option(name: string, value: string | undefined): string {
  return `--${name} ${shellWord(value ?? 'COLUMN')}`;
}

function shellWord(text: string): string {
  return /^[\w.,/=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

import { isEvent } from './likely-events.ts';

/** A column, or a value inside one, with what it holds in the first rows. */
export interface SampledField {
  /** As `--product` takes it: `items[].item_id`. */
  path: string;
  values: string[];
}

/**
 * The likeliest first, in English and by the commonest words of German, French, Spanish and Italian, Chinese and Japanese.
 * Of the fields that fit a line alike, the first is taken.
 */
export const LIKE = {
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
    // Of an order's `line_items[].id` and `line_items[].product_id` the first is the line's.
    /(produ[ck]t|produit|prodotto|item|arti[ck][eou]l|article|goods)s?[^a-z.[\]]{0,4}(id|sku|code|nr|no|num|number|nummer|hash|key)([^a-z]|$)/i,
    /(produ[ck]t|produit|prodotto|item|arti[ck][eou]l|article|goods|variant)s?[^a-z]{0,4}(id|sku|code|nr|no|num|number|nummer|hash|key)([^a-z]|$)/i,
    /sku|asin|stock_?code|barcode|(^|[^a-z])(pid|aid|ean(13)?|gtin|upc|isbn)$|artikelnummer|商品コード|商品番号|商品(id|编号)/i,
    /produ[ck]t|produit|prodotto|item|arti[ck][eou]l|article|goods|商品/i,
  ],
  time: [
    /(^|[.\]])(timestamp|time|ts|when|event[_ ]?(time(stamp)?|ts|at|date)|occurred([_ ]?(at|on))?)$/i,
    /time|(^|[^a-z])ts$|stamp|_at$|(^|[^a-z])at$|^when$|zeit|heure|日時|时间/i,
    /date|datum|fecha|日付|日期/i,
  ],
  order: [/(^|[^a-z])(order|position|pos|step|rank|seq|sequence|index|reihenfolge)$/i],
} as const;

/** What says something about a product and does not tell which. */
const IS_NO_ID =
  /(name|title|category|categoria|kategorie|price|preis|prix|precio|type|url|desc\w*|action|quantity|qty|menge|count|amount|brand|colou?r|status|商品名|価格)s?$/i;
/** When a row came to a warehouse, and not when the shopper did something. */
const IS_ARRIVAL = /receiv|sent|send|load|ingest|import|insert|export|process|updat|uuid_ts|sync|etl/i;

export const IS_DATE = /^((19|20)\d{6}|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})$/;
const IS_TIME_OF_DAY = /^\d{1,2}:?\d{2}(:?\d{2}(\.\d+)?)?( ?[ap]m)?$/i;
export const IS_CLOCK = /^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?$/i;
/** Columns of the parts of a day, the coarsest first. */
const PARTS_OF_DAY = [
  [/(^|[^a-z])(hours?|hh|hr|stunde|heure|hora|ora|uur)$/i, /^([01]?\d|2[0-3])$/],
  [/(^|[^a-z])(minutes?|mins?|minuto)$/i, /^[0-5]?\d$/],
  [/(^|[^a-z])(seconds?|secs?|sekunde|seconde|segundo)$/i, /^[0-5]?\d$/],
] as const;
const WORDED =
  /(([A-Z][a-z]{2} ){2}\d{1,2} [\d:]{8} ([+-]\d{4} )?\d{4}|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} .*|\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8}.*)/;
const IS_MOMENT = new RegExp(
  String.raw`^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([Tt ].*)?|\d{8}[Tt]\d{4,6}.*|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}([T ,].*)?|\d{2}[T ,]+\d{1,2}:\d{2}.*)|1\d{9}(\.\d+|\d{3}|\d{6}|\d{9})?|${WORDED.source})$`,
);
/** Moments that are read only where their format is named. */
const NEED_FORMAT = [
  [/^\d{4}年\d{1,2}月\d{1,2}日/, '%Y年%m月%d日'],
  [/^\d{4}\.\d{1,2}\.\d{1,2}/, '%Y.%m.%d'],
] as const;
const TIMES_OF_DAY = [
  [/^$/, ''],
  [/^ \d{1,2}:\d\d$/, ' %H:%M'],
  [/^ \d{1,2}:\d\d:\d\d$/, ' %H:%M:%S'],
] as const;

/** Whether all values are moments that can be read. */
export function isMoment(field: SampledField): boolean {
  return all(IS_MOMENT)(field) && isRead(field);
}

function isRead(field: SampledField): boolean {
  return !NEED_FORMAT.some(([day]) => all(day)(field)) || timeFormatOf(field) !== undefined;
}

export const all = (test: RegExp) => (field: SampledField) =>
  field.values.length > 0 && field.values.every((value) => test.test(value));

/** The format to name for values that are not read without; undefined where none needs one. */
export function timeFormatOf({ values }: SampledField): string | undefined {
  for (const [day, dayFormat] of NEED_FORMAT) {
    if (values.length === 0 || !values.every((value) => day.test(value))) continue;
    const rests = values.map((value) => value.replace(day, ''));
    const time = TIMES_OF_DAY.find(([pattern]) => rests.every((rest) => pattern.test(rest)));
    if (time !== undefined) return dayFormat + time[1];
  }
  return undefined;
}

/** A field that is empty in more rows than another one says less than that one. */
const LEAST_SHARE_FILLED = 0.9;

/**
 * The moment of a row: a column, or a day and the time of that day.
 *
 * @param list what the product's path explodes, as `items[]`: a moment inside of it is the view's own.
 */
function timesOf(fields: readonly SampledField[], list: string | undefined): SampledField[] {
  if (list !== undefined) {
    const inner = timesOf(
      fields.flatMap((field) => (listOf(field.path) === list ? [field] : [])),
      undefined,
    ).filter(isMoment);
    const most = Math.max(...fields.map((field) => (listOf(field.path) === list ? field.values.length : 0)));
    if (inner.length === 1 && inner[0].values.length >= most * LEAST_SHARE_FILLED) return inner;
  }
  const outer = list === undefined ? fields : fields.filter(({ path }) => listOf(path) === undefined);
  const like = outer.filter(({ path }) => LIKE.time.some((pattern) => pattern.test(path)));
  const day = outer.find((field) => all(IS_DATE)(field) && (like.includes(field) || isMoment(field)));
  const isTimeOfDay = (field: SampledField) => field !== day && all(IS_TIME_OF_DAY)(field) && !all(IS_DATE)(field);
  const timeOfDay = day && (like.find(isTimeOfDay) ?? outer.find(all(IS_CLOCK)));
  const moment = firstTime(like.filter((field) => field.values.length === 0 || isMoment(field)));
  if (day !== undefined && (moment === undefined || moment === day)) {
    const parts = timeOfDay === undefined ? partsOfDay(outer) : [timeOfDay];
    if (parts.length > 0) return [day, ...parts];
  }
  const one = moment ?? firstTime(like.filter(isRead)) ?? outer.find(isMoment);
  return one === undefined ? [] : [one];
}

/** The columns of hour, minute and second, as far as there are such. */
function partsOfDay(fields: readonly SampledField[]): SampledField[] {
  const found = PARTS_OF_DAY.map(([name, value]) => fields.find((field) => name.test(field.path) && all(value)(field)));
  const end = found.indexOf(undefined);
  return found.slice(0, end < 0 ? found.length : end) as SampledField[];
}

/** The shopper's own time of those that are filled, before that of a warehouse. */
function firstTime(fields: readonly SampledField[]): SampledField | undefined {
  const most = Math.max(...fields.map(({ values }) => values.length));
  const filled = fields.filter(({ values }) => values.length >= most * LEAST_SHARE_FILLED);
  const own = filled.filter(({ path }) => !IS_ARRIVAL.test(path));
  return firstLike(LIKE.time, own) ?? firstLike(LIKE.time, filled);
}

/** What a path explodes; undefined where it is one value. */
function listOf(path: string): string | undefined {
  const end = path.indexOf('[]');
  return end < 0 ? undefined : path.slice(0, end + 2);
}

export function firstLike(patterns: readonly RegExp[], fields: readonly SampledField[]): SampledField | undefined {
  for (const pattern of patterns) {
    const found = fields.find(({ path }) => pattern.test(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a column numbers the views of sessions: one that has another number, or a name, in each row is their id. */
function isCounter({ values }: SampledField): boolean {
  return values.every(isNumber) && hasRepeats(values);
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/** Measures such as a latitude or a price: numbers of which some have a part after the point. */
export function isMeasure({ values }: SampledField): boolean {
  return values.length > 0 && values.every(isNumber) && values.some((value) => /^[+-]?\d*\.\d*[1-9]/.test(value));
}

/** A cell with several products is a list of them. */
export function pathOfProducts({ path, values }: SampledField): string {
  const lists = values.filter((value) => /^([\w-]+([,;|]\s*[\w-]+)+|\s*\[[\s\S]*\]\s*)$/.test(value)).length;
  return !path.endsWith('[]') && lists * 2 > values.length ? `${path}[]` : path;
}

/** What the fields look like. */
export function rolesOf(fields: readonly SampledField[]) {
  const ids = fields.filter(({ path }) => !IS_NO_ID.test(path));
  const taken = new Set<SampledField>();
  const pick = (kind: keyof typeof LIKE, of = ids) => {
    const found = firstLike(
      LIKE[kind],
      of.filter((field) => !taken.has(field)),
    );
    if (found !== undefined) taken.add(found);
    return found;
  };
  const likeProduct = firstLike(LIKE.product, ids.filter(isId));
  const time = timesOf(fields, likeProduct && listOf(likeProduct.path));
  for (const field of time) taken.add(field);
  const named = pick('session');
  const product = pick('product', ids.filter(isId));
  const user = named === undefined ? pick('user') : undefined;
  const numbering = pick('order');
  const isSession = numbering !== undefined && named === undefined && user === undefined && !isCounter(numbering);
  const session = isSession ? numbering : named;
  const order = time.length === 0 && !isSession && numbering?.values.every(isNumber) ? numbering : undefined;
  const event = fields.find((field) => !taken.has(field) && isEvent(field));
  const most = Math.max(...fields.map(({ values }) => values.length));
  const others = fields.filter((field) => !taken.has(field) && field !== event && isId(field) && !isMoment(field));
  return {
    session,
    user,
    product,
    time,
    order,
    event,
    /** What else may be a product. */
    others: idsBefore(others, ids, taken, fields),
    /** What else may be a session: it has a value in all rows, and the same one in several. */
    repeated: others.filter(({ values }) => values.length >= most * LEAST_SHARE_FILLED && hasRepeats(values)),
  };
}

/** Columns that look like ids; where there are none, whatever else is left. */
function idsBefore(
  others: readonly SampledField[],
  ids: readonly SampledField[],
  taken: ReadonlySet<SampledField>,
  fields: readonly SampledField[],
): SampledField[] {
  const likely = others.filter((field) => ids.includes(field));
  return likely.length > 0 ? likely : fields.filter((field) => !taken.has(field));
}

function hasRepeats(values: readonly string[]): boolean {
  return values.length < 2 || new Set(values).size < values.length;
}

function isId(field: SampledField): boolean {
  return !isMeasure(field);
}

/** What the cells of a product feed mean, under Google Merchant Center's names and forms. */

/**
 * A cell as it was read: CSV and XML give text, JSON and Parquet numbers and lists as well. Undefined: the row says nothing of
 * that column, as an object without the key.
 */
export type Cell = string | number | boolean | null | undefined | readonly Cell[];

/** The name that a column is known by: "g:Image Link" is `image_link`. */
export function fieldNameOf(column: string): string {
  return column
    .trim()
    .replace(/^g:/i, '')
    .replaceAll(/[\s-]+/g, '_')
    .toLowerCase();
}

/** The cell's values as text, without surrounding space; none where it is empty. */
export function textsOf(cell: Cell): string[] {
  if (Array.isArray(cell)) return cell.flatMap(textsOf);
  if (cell === null || cell === undefined) return [];
  const text = String(cell).trim();
  return text === '' ? [] : [text];
}

const AMOUNT = String.raw`\d+(?:[.,]\d+)*`;
const CURRENCY = String.raw`\p{Sc}|[A-Za-z]{3}`;
const PRICE = new RegExp(`^(?:(${CURRENCY})\\s*)?(${AMOUNT})(?:\\s*(${CURRENCY}))?$`, 'u');

/** "15.00 USD", "€ 12,50", "1,299.00" → the amount and its currency as written; undefined when it is no price. */
export function priceOf(text: string): { amount: number; currency: string | undefined } | undefined {
  const match = PRICE.exec(text.replaceAll(/[\s\u00a0]+/g, ' '));
  if (match === null) return undefined;
  const [, before, amount, after] = match;
  const number = amountOf(amount);
  const currency = (before ?? after)?.toUpperCase();
  return number === undefined ? undefined : { amount: number, currency };
}

const SYMBOLS: Record<string, string> = { '€': 'EUR', '£': 'GBP', '₹': 'INR', '₩': 'KRW', '₽': 'RUB', '₺': 'TRY' };

/** ISO 4217 where the price says it, or a sign that only one currency has; "$" and "¥" stay what they are. */
export function currencyOf(text: string): string | undefined {
  const currency = priceOf(text)?.currency;
  return currency === undefined ? undefined : (SYMBOLS[currency] ?? currency);
}

/** The last of "." and "," is the decimal sign, unless three digits follow the only kind of sign there is. */
function amountOf(text: string): number | undefined {
  const signs = [...text.matchAll(/[.,]/g)].map(([sign]) => sign);
  const last = signs.at(-1);
  if (last === undefined) return Number(text);
  const [whole, fraction] = [text.slice(0, text.lastIndexOf(last)), text.slice(text.lastIndexOf(last) + 1)];
  const kinds = new Set(signs).size;
  const groups = whole.split(/[.,]/).slice(1);
  if (groups.some((group) => group.length !== 3)) return undefined;
  const isGrouping = kinds === 1 && fraction.length === 3 && (signs.length > 1 || last === ',');
  if (kinds === 1 && signs.length > 1 && !isGrouping) return undefined;
  return Number(isGrouping ? text.replaceAll(/[.,]/g, '') : `${whole.replaceAll(/[.,]/g, '')}.${fraction}`);
}

const AVAILABILITIES: Record<string, string> = {
  instock: 'in_stock',
  available: 'in_stock',
  availablefororder: 'in_stock',
  limitedavailability: 'in_stock',
  instoreonly: 'in_stock',
  madetoorder: 'in_stock',
  yes: 'in_stock',
  true: 'in_stock',
  no: 'out_of_stock',
  false: 'out_of_stock',
  onlineonly: 'in_stock',
  outofstock: 'out_of_stock',
  soldout: 'out_of_stock',
  unavailable: 'out_of_stock',
  discontinued: 'out_of_stock',
  preorder: 'preorder',
  presale: 'preorder',
  backorder: 'backorder',
  backordered: 'backorder',
  onbackorder: 'backorder',
};

/** "In Stock", "https://schema.org/InStock", "3" pieces → `in_stock`; undefined when it is none that is known. */
export function availabilityOf(text: string): string | undefined {
  if (/^-?\d{1,9}(\.0+)?$/.test(text)) return Number(text) > 0 ? 'in_stock' : 'out_of_stock';
  const word = text
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?schema\.org\//, '')
    .replaceAll(/[\s_-]/g, '');
  return Object.hasOwn(AVAILABILITIES, word) ? AVAILABILITIES[word] : undefined;
}

/** "Home>Garden " → "Home > Garden": the levels of a category from the widest on. */
export function pathOf(text: string): string {
  return text
    .split('>')
    .map((level) => level.trim())
    .filter((level) => level !== '')
    .join(' > ');
}

/** Whether a page may follow it: http, https, or a path on the shop's own site. */
export function isLink(text: string): boolean {
  if (/^\/(?![/\\])/.test(text)) return true;
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}

/** What the cells of a product feed mean, under Google Merchant Center's names and forms. */

import { amountOf } from './amounts.ts';

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

const PRICE = /^(\D*)(\d(?:.*\d)?(?:[.,][-–—]{1,2})?)(\D*)$/;

/**
 * "15.00 USD", "€ 12,50", "129 kr" → the amount as written and its currency; undefined when it is no price. Of a sign and a
 * code, "$15.00 CAD", the code says more.
 */
export function priceOf(text: string): { amount: string; currency: string | undefined } | undefined {
  const match = PRICE.exec(text.replaceAll(/\s+/g, ' '));
  if (match === null) return undefined;
  const [, before, amount, after] = match;
  const signs = [before, after].map((sign) => sign.trim()).filter((sign) => sign !== '');
  const currencies = signs.map(currencyNamed);
  return amountOf(amount) === undefined || currencies.includes(undefined)
    ? undefined
    : { amount, currency: currencies.find(isCode) ?? currencies[0] };
}

/** ISO 4217 where the price says it, or a sign that only one currency has; "$", "¥" and "kr" stay what they are. */
export function currencyOf(text: string): string | undefined {
  return priceOf(text)?.currency;
}

const CODES = new Set(Intl.supportedValuesOf('currency'));
const SIGNS: Record<string, string> = {
  ...{ '€': 'EUR', '£': 'GBP', '₹': 'INR', '₩': 'KRW', '₽': 'RUB', '₺': 'TRY' },
  ...{ us$: 'USD', a$: 'AUD', au$: 'AUD', c$: 'CAD', ca$: 'CAD', hk$: 'HKD', nz$: 'NZD', s$: 'SGD', r$: 'BRL' },
  ...{ kr: 'kr', 'kr.': 'kr', rs: 'Rs', 'rs.': 'Rs', zł: 'PLN', kč: 'CZK', ft: 'HUF', лв: 'BGN', 'лв.': 'BGN' },
  ...{ 'руб.': 'RUB', руб: 'RUB', rm: 'MYR', 'fr.': 'CHF', 'sfr.': 'CHF' },
};

function isCode(currency: string | undefined): boolean {
  return currency !== undefined && CODES.has(currency);
}

function currencyNamed(text: string): string | undefined {
  const code = text.toUpperCase();
  if (CODES.has(code)) return code;
  const sign = text.toLowerCase();
  if (Object.hasOwn(SIGNS, sign)) return SIGNS[sign];
  return /^\p{Sc}$/u.test(text) ? text : undefined;
}

const AVAILABILITIES: Record<string, string> = {
  instock: 'in_stock',
  available: 'in_stock',
  availablefororder: 'in_stock',
  limitedavailability: 'in_stock',
  instoreonly: 'in_stock',
  madetoorder: 'in_stock',
  lowstock: 'in_stock',
  limitedstock: 'in_stock',
  yes: 'in_stock',
  y: 'in_stock',
  true: 'in_stock',
  no: 'out_of_stock',
  n: 'out_of_stock',
  false: 'out_of_stock',
  onlineonly: 'in_stock',
  outofstock: 'out_of_stock',
  soldout: 'out_of_stock',
  nostock: 'out_of_stock',
  notinstock: 'out_of_stock',
  oos: 'out_of_stock',
  unavailable: 'out_of_stock',
  notavailable: 'out_of_stock',
  reserved: 'out_of_stock',
  discontinued: 'out_of_stock',
  preorder: 'preorder',
  presale: 'preorder',
  backorder: 'backorder',
  backordered: 'backorder',
  onbackorder: 'backorder',
};

/** More digits are an article's number, not how many there are. */
const MOST_PIECES = 1e9;

/** "In Stock", "https://schema.org/InStock", "3" pieces, "12.5000" metres, "10+" → `in_stock`; undefined when it is none that is known. */
export function availabilityOf(text: string): string | undefined {
  const [, minus, digits] = /^(-?)(\d[^+]*)\+?$/.exec(text) ?? [];
  const amount = digits === undefined ? undefined : amountOf(digits)?.value;
  if (amount !== undefined && amount < MOST_PIECES) return amount > 0 && minus === '' ? 'in_stock' : 'out_of_stock';
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

/**
 * "https://shop/a.jpg, https://shop/b.jpg" → its links, as WooCommerce and others write all pictures of a product into one cell.
 * A sign between them is one before another link of the same kind; in a picture that is data itself it means something else.
 */
export function linksOf(text: string): string[] {
  if (/^https?:/i.test(text)) return text.split(/\s*[,;|]\s*(?=https?:\/\/)/i);
  return text.startsWith('/') ? text.split(/\s*[,;|]\s*(?=\/)/) : [text];
}

/** Whether a page may follow it: http, https, or a path on the shop's own site. */
export function isLink(text: string): boolean {
  if (/^\/(?![/\\])/.test(text)) return true;
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}

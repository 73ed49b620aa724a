import { availabilityOf, isLink, linksOf, pathOf, priceOf } from './feed-values.ts';
import { FacetBuilder, type FieldBuilder, GuessedBuilder, TextBuilder } from './field-builders.ts';
import { PriceBuilder } from './price-builder.ts';

/** How a field is read: its cell's texts become its values, or a reason why they cannot. */
export interface FieldReading {
  newBuilder(): FieldBuilder;
  read?(texts: readonly string[]): readonly string[] | { reason: string };
}

const TEXT: FieldReading = { newBuilder: () => new TextBuilder() };
const LINK: FieldReading = {
  newBuilder: () => new TextBuilder(),
  read: (texts) => checked(firstLink(texts), isLink, 'is no link: http(s)://… or a path on the shop such as /p/1'),
};
const IMAGE: FieldReading = {
  newBuilder: () => new TextBuilder(),
  read: (texts) =>
    checked(firstLink(texts), isImage, 'is no link to a picture: http(s)://…, a path on the shop, or data:image/…'),
};
const PRICE: FieldReading = { newBuilder: () => new PriceBuilder(), read: amounts };
const NAME: FieldReading = { newBuilder: () => new FacetBuilder() };

/** The fields that Google Merchant Center names; any other column is the shop's own and its kind is guessed. */
const READINGS: Readonly<Record<string, FieldReading>> = {
  title: TEXT,
  link: LINK,
  image_link: IMAGE,
  price: PRICE,
  sale_price: PRICE,
  // Digits that nobody adds up.
  gtin: TEXT,
  mpn: TEXT,
  currency: NAME,
  brand: NAME,
  item_group_id: NAME,
  color: NAME,
  size: NAME,
  product_type: { newBuilder: () => new FacetBuilder(true), read: (texts) => texts.map(pathOf) },
  availability: { newBuilder: () => new FacetBuilder(), read: availabilities },
};
const GUESSED: FieldReading = { newBuilder: () => new GuessedBuilder() };

/** Names that any catalogue may have, today or tomorrow. */
export const MERCHANT_FIELDS: readonly string[] = Object.keys(READINGS);

/** The API keeps all fields in memory; nobody filters by these and no shelf shows them. */
export const UNUSED_FIELDS: readonly string[] = [
  'description',
  'additional_image_link',
  'shipping',
  'tax',
  'installment',
  'product_detail',
  'product_highlight',
];

export function readingOf(field: string): FieldReading {
  return isGuessed(field) ? GUESSED : READINGS[field];
}

/**
 * What a value is in the catalogue, so that a filter may write it as the feed does: "Home>Garden" of `product_type` is
 * "Home > Garden". One that the feed could not have stays what it is.
 */
export function storedValue(field: string, text: string): string {
  const values = isGuessed(field) ? undefined : READINGS[field].read?.([text]);
  return values === undefined || 'reason' in values ? text : (values[0] ?? text);
}

/** Whether what the field holds is guessed from all of its values: a column of the shop's own. */
export function isGuessed(field: string): boolean {
  return !Object.hasOwn(READINGS, field);
}

/** A small picture may stand in the feed itself. */
function isImage(text: string): boolean {
  return isLink(text) || /^data:image\/(svg\+xml|png|jpeg|webp|gif)[;,]/i.test(text);
}

/** Of several in one text as well. */
function firstLink([text]: readonly string[]): string[] {
  return text === undefined ? [] : linksOf(text).slice(0, 1);
}

function amounts(texts: readonly string[]): readonly string[] | { reason: string } {
  if (texts.length === 0) return texts;
  const price = priceOf(texts[0]);
  if (price === undefined)
    return { reason: `${quoted(texts[0])} is no price: an amount such as 12.50, with or without a currency` };
  return [price.amount];
}

function availabilities(texts: readonly string[]): readonly string[] | { reason: string } {
  if (texts.length === 0) return texts;
  const availability = availabilityOf(texts[0]);
  if (availability !== undefined) return [availability];
  return {
    reason: `${quoted(texts[0])} is no availability: in_stock, out_of_stock, preorder, backorder, or how many there are`,
  };
}

function checked(texts: readonly string[], isValid: (text: string) => boolean, fault: string) {
  const wrong = texts.find((text) => !isValid(text));
  return wrong === undefined ? texts : { reason: `${quoted(wrong)} ${fault}` };
}

/** Signs that nobody sees, such as a zero-width space in an id, as their code: two ids that look alike differ in these. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text)).replaceAll(
    /\p{Cf}/gu,
    (sign) => `\\u{${sign.codePointAt(0)!.toString(16).padStart(4, '0')}}`,
  );
}

export function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

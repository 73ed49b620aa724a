import { drawProduct, type Garment } from './draw-product.ts';
import type { Cell } from './feed-values.ts';

/** A known table of products whose columns are not those of Google Merchant Center. */
export interface FeedFormat {
  /** That it reads, in the order in which `rowOf` takes their cells; the first is the id's. */
  columns: readonly string[];
  /** That it makes of them. */
  fields: readonly string[];
  /** @returns the cells of `fields`. */
  rowOf(cells: readonly Cell[]): Cell[];
  /** Rows are clicks: that a product comes again means nothing. */
  repeats: boolean;
}

/** `merchant` is what is read without a format. */
export const FEED_FORMAT_NAMES = ['merchant', 'eshop'] as const;
export type FeedFormatName = (typeof FEED_FORMAT_NAMES)[number];

/** Code 1…4 of `page 1 (main category)`. */
const CATEGORIES: readonly { path: string; one: string; garment: Garment }[] = [
  { path: 'Trousers', one: 'trousers', garment: 'trousers' },
  { path: 'Skirts', one: 'skirt', garment: 'skirt' },
  { path: 'Blouses', one: 'blouse', garment: 'blouse' },
  { path: 'Sale', one: 'piece on sale', garment: 'dress' },
];
/** Code 1…14 of `colour`, and how it is drawn. */
const COLOURS: readonly (readonly [string, string])[] = [
  ['beige', '#d9c7a3'],
  ['black', '#2b2b2e'],
  ['blue', '#3b6fb5'],
  ['brown', '#7a5236'],
  ['burgundy', '#7d1f35'],
  ['gray', '#8d9196'],
  ['green', '#3f8f5b'],
  ['navy blue', '#22345f'],
  ['multicolour', '#c76ea8'],
  ['olive', '#76783a'],
  ['pink', '#e59bb3'],
  ['red', '#c4332f'],
  ['violet', '#7751a8'],
  ['white', '#fdfdfb'],
];

/** Code 1…6 of `location`. */
const PLACES = ['top left', 'top middle', 'top right', 'bottom left', 'bottom middle', 'bottom right'];

/**
 * The e-shop file (UCI 553), whose clicks say of each product its category, colour, price, how it was photographed and where in
 * the shop it stands; codes are spelled out as its description does. It has no titles and no pictures: both are made of what it has.
 */
const ESHOP: FeedFormat = {
  columns: [
    'page 2 (clothing model)',
    'page 1 (main category)',
    'colour',
    'price',
    'model photography',
    'page',
    'location',
  ],
  fields: ['id', 'title', 'product_type', 'color', 'price', 'image_link', 'photo', 'page', 'place_on_page'],
  repeats: true,
  rowOf([id, category, colour, price, photo, page, location]) {
    const kind = CATEGORIES[Number(category) - 1];
    const [name, drawn] = COLOURS[Number(colour) - 1] ?? [];
    const title = [name, kind?.one, id].filter((part) => part !== undefined && part !== '').join(' ');
    return [
      id,
      title.charAt(0).toUpperCase() + title.slice(1),
      kind?.path ?? null,
      name ?? null,
      price === '' ? price : `${price} USD`,
      kind === undefined || drawn === undefined ? null : drawProduct(kind.garment, drawn),
      photo === '1' ? 'en face' : photo === '2' ? 'profile' : null,
      Number(page) > 0 ? `page ${page}` : null,
      PLACES[Number(location) - 1] ?? null,
    ];
  },
};

export function feedFormatOf(name: FeedFormatName | undefined): FeedFormat | undefined {
  return name === 'eshop' ? ESHOP : undefined;
}

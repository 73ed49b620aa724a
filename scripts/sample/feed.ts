import { drawProduct, type Garment } from '../../engine/catalogue/draw-product.ts';
import { type Random, randomInteger, seededRandom } from '../../engine/numeric/random.ts';
import type { Catalogue } from './catalogue.ts';
import { makeCatalogue } from './catalogue.ts';
import type { ClickstreamSize } from './clickstream.ts';

/** (category) in the order of the clickstream's codes. */
const KINDS: readonly { path: string; garment: Garment; names: readonly string[] }[] = [
  {
    path: 'Clothing > Trousers',
    garment: 'trousers',
    names: ['Chinos', 'Wide-leg trousers', 'Cropped trousers', 'Corduroys'],
  },
  {
    path: 'Clothing > Skirts',
    garment: 'skirt',
    names: ['Pencil skirt', 'Pleated skirt', 'A-line skirt', 'Wrap skirt'],
  },
  {
    path: 'Clothing > Blouses',
    garment: 'blouse',
    names: ['Silk blouse', 'Shirt blouse', 'Tunic', 'Bow blouse', 'Linen blouse'],
  },
  { path: 'Sale', garment: 'dress', names: ['Summer dress', 'Shirt dress', 'Jersey dress', 'Tea dress', 'Maxi dress'] },
];
/** (colour − 1) in the order of the clickstream's codes, and how each is drawn. */
const COLOURS: readonly (readonly [string, string])[] = [
  ['beige', '#d9c7a3'],
  ['black', '#2b2b2e'],
  ['blue', '#3b6fb5'],
  ['brown', '#7a5236'],
  ['burgundy', '#7d1f35'],
  ['grey', '#8d9196'],
  ['green', '#3f8f5b'],
  ['navy', '#22345f'],
  ['patterned', '#c76ea8'],
  ['olive', '#76783a'],
  ['pink', '#e59bb3'],
  ['red', '#c4332f'],
  ['violet', '#7751a8'],
  ['white', '#fdfdfb'],
];
const BRANDS = ['Aster & Vale', 'Fjordlinie', 'Mirabel', 'Nordhus', 'Petit Port', 'Sola', 'Tamarind'];
const SOLD_OUT_SHARE = 0.06;
const BACKORDER_SHARE = 0.03;
/** Category of the clickstream whose products cost less than they did. */
const SALE = 3;
/** Positions in a product's part of the clickstream. */
const COLOUR_CELL = 2;
const PRICE_CELL = 5;
const COLUMNS = [
  'id',
  'title',
  'link',
  'image_link',
  'availability',
  'price',
  'sale_price',
  'brand',
  'product_type',
  'item_group_id',
  'color',
] as const;
const SEPARATE = 0x0f_eed;

/**
 * The sample shop's products as a feed for Google Merchant Center: believable names, prices and brands, drawn pictures,
 * colours of one piece as variants of it, a few sold out. The products, colours and prices are those of the clickstream of
 * the same size.
 *
 * @yields pieces of the CSV file, each ending at a line end.
 */
export function* sampleFeed({ products, seed }: ClickstreamSize): Generator<string> {
  const catalogue = makeCatalogue(products, seededRandom(seed));
  // Of its own: whoever reads the feed must not change the clicks.
  const random = seededRandom((seed ^ SEPARATE) >>> 0);
  const brands = Array.from({ length: catalogue.styleCount }, () => BRANDS[randomInteger(random, BRANDS.length)]);
  yield `${COLUMNS.join(',')}\n`;
  const pieceOf = piecesOf(catalogue);
  for (let product = 0; product < products; product++) {
    const cells = catalogue.columns[product].split(';');
    const [colour, drawn] = COLOURS[Number(cells[COLOUR_CELL]) - 1];
    const category = catalogue.categoryOf[product];
    const { path, garment, names } = KINDS[category];
    const brand = brands[catalogue.styleOf[product]];
    const piece = pieceOf[product];
    const price = Number(cells[PRICE_CELL]);
    const row: Record<(typeof COLUMNS)[number], string> = {
      id: catalogue.codes[product],
      title: `${brand} ${names[piece % names.length]}, ${colour}`,
      link: `/p/${catalogue.codes[product]}`,
      image_link: drawProduct(garment, drawn),
      availability: drawAvailability(random),
      price: `${category === SALE ? Math.round(price * 1.4) : price}.00 USD`,
      sale_price: category === SALE ? `${price}.00 USD` : '',
      brand,
      product_type: path,
      item_group_id: `${KINDS[category].garment}-${piece}`,
      color: colour,
    };
    yield `${COLUMNS.map((name) => quoteWhereNeeded(row[name])).join(',')}\n`;
  }
}

/**
 * (productCount) which piece of clothing a product is a colour of: products of one category and style that cost the same and
 * differ in colour.
 */
function piecesOf({ columns, categoryOf, styleOf }: Catalogue): number[] {
  const pieces: { key: string; colours: Set<string> }[] = [];
  return columns.map((column, product) => {
    const cells = column.split(';');
    const key = [categoryOf[product], styleOf[product], cells[PRICE_CELL]].join();
    const colour = cells[COLOUR_CELL];
    let piece = pieces.findIndex((other) => other.key === key && !other.colours.has(colour));
    if (piece < 0) piece = pieces.push({ key, colours: new Set() }) - 1;
    pieces[piece].colours.add(colour);
    return piece;
  });
}

function drawAvailability(random: Random): string {
  const drawn = random();
  if (drawn < SOLD_OUT_SHARE) return 'out_of_stock';
  return drawn < SOLD_OUT_SHARE + BACKORDER_SHARE ? 'backorder' : 'in_stock';
}

function quoteWhereNeeded(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

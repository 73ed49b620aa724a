import { type Random, randomInteger } from '../../engine/numeric/random.ts';
import { normal } from './distributions.ts';
import { weightedChoice } from './weighted-partition.ts';

/**
 * The made-up shop: four categories laid out in pages of 18 products, the best placed first. Products stand in the
 * order category, page, place, so a category is a range and the next product on a page is the next number.
 */
export interface Catalogue {
  /** (productCount) `A13`: category letter and place in it. */
  codes: string[];
  /** (productCount) */
  categoryOf: Uint8Array;
  /** (categoryCount + 1) category c has the products [offsets[c], offsets[c + 1]). */
  categoryOffsets: Uint32Array;
  /** (productCount) hidden style; a visitor who likes a product likes its style. Not in the clickstream. */
  styleOf: Uint32Array;
  styleCount: number;
  /** (productCount) how strongly a product attracts a click: falls with its place as Zipf's law does. */
  attraction: Float64Array;
  /** (productCount) the product's columns, from `page 1 (main category)` to `page`, `;`-separated. */
  columns: string[];
}

const LETTERS = ['A', 'B', 'C', 'P'] as const;
/** Of 217; other sizes keep the proportions. */
const CATEGORY_SIZES = [43, 33, 59, 82] as const;
const PAGE_SIZE = 18;
/** Pictures stand on a page in six places, three products each. */
const PLACE_SIZE = 3;
const STYLE_SIZE = 9;
/** Styles are mixed over neighbouring pages, so that they are not simply the layout. */
const STYLE_BLOCK = 2 * PAGE_SIZE;

/** Zipf–Mandelbrot: attraction of place r is (r + OFFSET)^-EXPONENT, times log-normal noise. */
const ZIPF_OFFSET = 5;
const ZIPF_EXPONENT = 0.88;
const ATTRACTION_NOISE = 0.35;

/** US dollars. */
const PRICES = [18, 20, 23, 26, 28, 33, 38, 43, 48, 50, 52, 55, 57, 60, 62, 65, 67, 72, 77, 82];
/** (category) position in `PRICES` of a typical price. */
const TYPICAL_PRICE = [7.5, 9, 6.5, 5.5];
/** Share in percent of colours 1…14. */
const COLOURS = [5, 18, 18, 10, 1, 11, 4, 2, 8, 2, 3, 5, 4, 10];
const COLOUR_OF_STYLE_SHARE = 0.4;
const EN_FACE_SHARE = 0.74;

export const CATEGORY_COUNT = LETTERS.length;

/** @param productCount at least 4. */
export function makeCatalogue(productCount: number, random: Random): Catalogue {
  const categoryOffsets = proportionalOffsets(productCount);
  const categoryOf = new Uint8Array(productCount);
  for (let c = 0; c < CATEGORY_COUNT; c++) categoryOf.fill(c, categoryOffsets[c], categoryOffsets[c + 1]);
  const { styleOf, styleCount } = scatterStyles(categoryOffsets, random);

  const place = (product: number) => product - categoryOffsets[categoryOf[product]];
  const codes = Array.from(categoryOf, (c, product) => `${LETTERS[c]}${place(product) + 1}`);
  const attraction = Float64Array.from(
    categoryOf,
    (_, product) => (place(product) + ZIPF_OFFSET) ** -ZIPF_EXPONENT * Math.exp(ATTRACTION_NOISE * normal(random)),
  );
  const prices = drawPrices(categoryOf, styleOf, styleCount, random);
  const colours = drawColours(styleOf, styleCount, random);
  const averages = averagePrices(prices, categoryOffsets);
  const columns = codes.map((code, product) => {
    const category = categoryOf[product];
    const placeOnPage = place(product) % PAGE_SIZE;
    return [
      category + 1,
      code,
      colours[product],
      Math.floor(placeOnPage / PLACE_SIZE) + 1,
      random() < EN_FACE_SHARE ? 1 : 2,
      prices[product],
      prices[product] > averages[category] ? 1 : 2,
      Math.floor(place(product) / PAGE_SIZE) + 1,
    ].join(';');
  });
  return { codes, categoryOf, categoryOffsets, styleOf, styleCount, attraction, columns };
}

function proportionalOffsets(productCount: number): Uint32Array {
  const total = CATEGORY_SIZES.reduce((sum, size) => sum + size, 0);
  const offsets = new Uint32Array(CATEGORY_COUNT + 1);
  let sizesSoFar = 0;
  CATEGORY_SIZES.forEach((size, c) => {
    sizesSoFar += size;
    offsets[c + 1] = Math.round((sizesSoFar / total) * productCount);
  });
  return offsets;
}

/** Cuts each block of pages into styles of about `STYLE_SIZE` products, in shuffled order. */
function scatterStyles(categoryOffsets: Uint32Array, random: Random): { styleOf: Uint32Array; styleCount: number } {
  const styleOf = new Uint32Array(categoryOffsets[CATEGORY_COUNT]);
  let styleCount = 0;
  for (let c = 0; c < CATEGORY_COUNT; c++) {
    for (let start = categoryOffsets[c]; start < categoryOffsets[c + 1]; start += STYLE_BLOCK) {
      const block = Array.from({ length: Math.min(STYLE_BLOCK, categoryOffsets[c + 1] - start) }, (_, i) => start + i);
      shuffle(block, random);
      const styles = Math.max(1, Math.round(block.length / STYLE_SIZE));
      block.forEach((product, i) => {
        styleOf[product] = styleCount + (i % styles);
      });
      styleCount += styles;
    }
  }
  return { styleOf, styleCount };
}

/** Products of a style cost about the same. */
function drawPrices(categoryOf: Uint8Array, styleOf: Uint32Array, styleCount: number, random: Random): number[] {
  const levels = Array.from({ length: styleCount }, () => 2.5 * normal(random));
  return Array.from(categoryOf, (category, product) => {
    const position = Math.round(TYPICAL_PRICE[category] + levels[styleOf[product]] + normal(random));
    return PRICES[Math.min(Math.max(position, 0), PRICES.length - 1)];
  });
}

function drawColours(styleOf: Uint32Array, styleCount: number, random: Random): number[] {
  const draw = weightedChoice(COLOURS);
  const ofStyle = Array.from({ length: styleCount }, () => draw(random));
  return Array.from(styleOf, (style) => (random() < COLOUR_OF_STYLE_SHARE ? ofStyle[style] : draw(random)) + 1);
}

function averagePrices(prices: readonly number[], categoryOffsets: Uint32Array): number[] {
  return Array.from({ length: CATEGORY_COUNT }, (_, c) => {
    const own = prices.slice(categoryOffsets[c], categoryOffsets[c + 1]);
    return own.reduce((sum, price) => sum + price, 0) / own.length;
  });
}

/** Fisher–Yates. */
function shuffle(items: number[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}

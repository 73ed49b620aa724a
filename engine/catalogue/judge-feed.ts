import { LATIN_1_HINT } from '../clicks/explain-reading.ts';
import type { CatalogueFacts } from './catalogue-facts.ts';
import { quoted } from './feed-fields.ts';
import type { KeptProducts } from './kept-products.ts';

export interface FeedFigures {
  rows: number;
  rejectedRows: number;
  /** Why the first of them cannot be used. */
  firstReject: string | undefined;
  notUtf8Rows: number;
  /** Of the catalogue that the feed leads to. */
  facts: CatalogueFacts;
  /** Of the live catalogue's products; undefined where there is none, or it cannot be read. */
  kept?: KeptProducts | undefined;
}

/** A larger share of rows that cannot be used is a fault of the export, not of some products. */
const MOST_REJECTED = 0.1;
/** A season that ends takes some products off at once; a broken export takes most of them. */
const LEAST_LEFT = 0.5;
/** Of fewer, a person sees each. */
const FEWEST_LOST = 10;
/** Of what was available before; a sale sells some products out, and a broken stock system nearly all. */
const LEAST_AVAILABLE = 0.1;
/** Cents in place of euros, or a decimal sign that got lost. */
const MOST_PRICE_CHANGE = 10;

/**
 * Whether a feed may replace what is live.
 *
 * @param before figures of the live catalogue; undefined when there is none.
 * @returns why it may not, each reason a sentence; empty when it may.
 */
export function faultsOfFeed(figures: FeedFigures, before: CatalogueFacts | undefined): string[] {
  const { facts, rows, rejectedRows, firstReject, notUtf8Rows, kept } = figures;
  const faults: string[] = [];
  const all = rows + rejectedRows;
  if (rejectedRows > MOST_REJECTED * all && (rejectedRows >= FEWEST_LOST || rejectedRows > rows)) {
    faults.push(
      `${counted(rejectedRows)} of ${counted(all)} rows cannot be used, where at most ${percent(MOST_REJECTED)} may be left out; the first: ${firstReject}.${notUtf8Rows > 0 ? ` ${LATIN_1_HINT}` : ''}`,
    );
  }
  if (before === undefined) return faults;
  const lost = (what: string, was: number, is: number, least: number) => {
    if (was - is < FEWEST_LOST || is >= least * was) return;
    faults.push(
      `${counted(is)} ${what}, where the live catalogue has ${counted(was)}; at least ${percent(least)} of them must be left.`,
    );
  };
  if (kept !== undefined && areOthers(kept, before, facts)) faults.push(othersFault(kept, before, facts));
  else lost('products are left', before.products, facts.products, LEAST_LEFT);
  // Measured as shares, so that products that went do not count twice.
  const scale = before.products === 0 ? 0 : facts.products / before.products;
  const lostShare = (what: string, was: number, is: number) => {
    const expected = was * scale;
    if (was < FEWEST_LOST || expected - is < FEWEST_LOST || is >= LEAST_LEFT * expected) return;
    faults.push(
      `${counted(is)} of ${counted(facts.products)} products have ${what}; in the live catalogue ${counted(was)} of ${counted(before.products)} have.`,
    );
  };
  lostShare('a price', before.withPrice, facts.withPrice);
  lostShare('a title', before.withTitle, facts.withTitle);
  lostShare('a picture', before.withImage, facts.withImage);
  lostShare('an availability', before.withAvailability, facts.withAvailability);
  if (facts.withAvailability > 0) lost('products are available', before.available, facts.available, LEAST_AVAILABLE);
  const factor = (facts.medianPrice ?? 0) / (before.medianPrice ?? 0);
  const isFewPrices = Math.min(facts.withPrice, before.withPrice) < FEWEST_LOST;
  if (!isFewPrices && (factor > MOST_PRICE_CHANGE || factor < 1 / MOST_PRICE_CHANGE)) {
    faults.push(
      `The median price is ${facts.medianPrice}, where it was ${before.medianPrice}: is that the same currency, and are decimals where they belong?`,
    );
  }
  return faults;
}

/** Whether the products are as many as they must be, but not the ones that were. */
function areOthers({ count }: KeptProducts, before: CatalogueFacts, facts: CatalogueFacts): boolean {
  const least = LEAST_LEFT * before.products;
  return before.products - count >= FEWEST_LOST && count < least && facts.products >= least;
}

function othersFault({ count, gone, fresh }: KeptProducts, before: CatalogueFacts, facts: CatalogueFacts): string {
  const examples = [gone, fresh].map((id) => quoted(id ?? ''));
  return `${counted(count)} of the live catalogue's ${counted(before.products)} products are among the ${counted(facts.products)} that there would be; at least ${percent(LEAST_LEFT)} of them must be left. Are the ids the same as before? ${examples[0]} is gone, and ${examples[1]} is new.`;
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

function percent(share: number): string {
  return `${share * 100} %`;
}

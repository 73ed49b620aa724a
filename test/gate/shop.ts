import { ESHOP_FILE_MISSING, findEshopFile } from '../../scripts/data/eshop-file.ts';
import { clickstream, SAMPLE } from '../../scripts/sample/clickstream.ts';
import { parseEshop, readEshopFile } from '../support/eshop.ts';

/** One row of a clickstream. */
export interface View {
  session: string;
  product: string;
  /** Place inside the session, from 1. */
  order: number;
  /** `2008-04-01` */
  date: string;
}

/** A shop as it was when the live model was trained, as it is at the next training, and what its visitors do afterwards. */
export interface Shop {
  name: string;
  live: readonly View[];
  /** What a healthy export holds the next time: all that `live` holds, and the days since. */
  next: readonly View[];
  /** The same where an export keeps the newest months only. */
  window: readonly View[];
  /** The days after `next`: no input holds them, so that every model can be asked about them. */
  afterwards: readonly View[];
}

/** April to July are live, the first week of August is new, and the days after tell how good a model really is. */
const LIVE_BEFORE = '2008-08-01';
const NEXT_BEFORE = '2008-08-08';
const WINDOW_FROM = '2008-05-01';

/**
 * The e-shop file, or, loudly, the sample shop where it does not lie beside the checkout: both have its columns and days.
 *
 * @param keepEvery of so many sessions one: a smaller shop of the same kind.
 */
export function openShop(keepEvery: number): Shop {
  const isEshop = findEshopFile() !== undefined;
  if (!isEshop) console.warn(`On the sample shop in place of the e-shop file. ${ESHOP_FILE_MISSING}`);
  const rows = isEshop ? parseEshop(readEshopFile()).slice(1) : sampleRows();
  const views = rows
    .filter(([, , , , , session]) => Number(session) % keepEvery === 0)
    .map(
      ([year, month, day, order, , session, , product]): View => ({
        session: String(Number(session) / keepEvery),
        product,
        order: Number(order),
        date: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
      }),
    );
  const next = views.filter(({ date }) => date < NEXT_BEFORE);
  return {
    name: isEshop ? 'the e-shop file' : 'the sample shop',
    live: views.filter(({ date }) => date < LIVE_BEFORE),
    next,
    window: next.filter(({ date }) => date >= WINDOW_FROM),
    afterwards: views.filter(({ date }) => date >= NEXT_BEFORE),
  };
}

function sampleRows(): string[][] {
  const text = [...clickstream(SAMPLE)].join('').trimEnd();
  return text
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(';'));
}

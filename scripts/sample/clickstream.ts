import { seededRandom } from '../../engine/numeric/random.ts';
import { makeCalendar } from './calendar.ts';
import { makeCatalogue } from './catalogue.ts';
import { LONGEST_SESSION, visitorsOf } from './visitor.ts';
import { weightedChoice } from './weighted-partition.ts';

export interface ClickstreamSize {
  /** About 6.9 views each. */
  sessions: number;
  /** At least 4, one a category. */
  products: number;
  /** 0…2³²-1; the same seed and size give the same bytes. */
  seed: number;
}

/** As large as the e-shop file. */
export const SAMPLE: ClickstreamSize = { sessions: 24_000, products: 217, seed: 2008 };

export const CLICKSTREAM_HEADER =
  'year;month;day;order;country;session ID;page 1 (main category);page 2 (clothing model);colour;location;model photography;price;price 2;page';

const COUNTRY_COUNT = 47;
const RARE_COUNTRY_WEIGHT = 0.03;
/** Percent of the sessions by country number: Poland, Czech Republic, .net, Lithuania, .com, United Kingdom… */
const COMMON_COUNTRIES: Record<number, number> = {
  29: 81.5,
  9: 9.4,
  46: 2.8,
  24: 2.2,
  44: 1,
  41: 0.5,
  21: 0.4,
  16: 0.4,
};

const CHUNK_CHARACTERS = 1 << 16;

/**
 * A made-up clickstream in the columns, value ranges and CRLF lines of the e-shop file (UCI 553), from its summary
 * statistics alone: none of its rows is used. Sessions follow each other in time.
 *
 * @yields pieces of the CSV file, each ending at a line end; memory is that of the catalogue.
 */
export function* clickstream({ sessions, products, seed }: ClickstreamSize): Generator<string> {
  const random = seededRandom(seed);
  const catalogue = makeCatalogue(products, random);
  const calendar = makeCalendar(sessions, random);
  const drawCountry = weightedChoice(
    Array.from({ length: COUNTRY_COUNT }, (_, i) => COMMON_COUNTRIES[i + 1] ?? RARE_COUNTRY_WEIGHT),
  );
  const visit = visitorsOf(catalogue);
  const views = new Uint32Array(LONGEST_SESSION);

  let chunk = `${CLICKSTREAM_HEADER}\r\n`;
  let session = 0;
  for (const day of calendar) {
    while (session < day.lastSession) {
      session++;
      const country = drawCountry(random) + 1;
      const length = visit(views, random);
      for (let i = 0; i < length; i++) {
        chunk += `${day.columns};${i + 1};${country};${session};${catalogue.columns[views[i]]}\r\n`;
      }
      if (chunk.length >= CHUNK_CHARACTERS) {
        yield chunk;
        chunk = '';
      }
    }
  }
  if (chunk !== '') yield chunk;
}

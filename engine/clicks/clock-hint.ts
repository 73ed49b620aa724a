import type { Database } from './database.ts';

/** What numbers beside a day are, in place of milliseconds: the hour, or the digits of a clock. */
export type Clock = 'hours' | 'hhmm' | 'hhmmss';

/** Milliseconds of so many moments are not all times of a clock by chance: of one in three the digits are. */
const FEWEST_MOMENTS = 20;

/**
 * Tells what the numbers of a column are that stands behind one of days. Their order is the same as that of milliseconds,
 * but pauses between them are not.
 *
 * @param from what reads a column `value`, text. @returns undefined where they are milliseconds, or no numbers.
 */
export async function clockHint(database: Database, from: string): Promise<Clock | undefined> {
  const [found] = await database.rows(
    `SELECT coalesce(bool_and(number = floor(number) AND number >= 0), false) AS are_whole, coalesce(max(number), -1) AS latest,
       coalesce(bool_and(number % 100 < 60), false) AS are_sixtieths,
       coalesce(bool_and(floor(number / 100) % 100 < 60), false) AS are_sixtieths_before, count(DISTINCT number) AS moments
     FROM (SELECT try_cast(value AS DOUBLE) AS number FROM ${from} WHERE trim(value) <> '')`,
  );
  const latest = Number(found['latest']);
  if (found['are_whole'] !== true || latest < 0) return undefined;
  if (latest < 24) return 'hours';
  if (Number(found['moments']) < FEWEST_MOMENTS || found['are_sixtieths'] !== true) return undefined;
  if (latest < 2_400) return 'hhmm';
  return latest >= 10_000 && latest < 240_000 && found['are_sixtieths_before'] === true ? 'hhmmss' : undefined;
}

/** SQL of milliseconds since midnight. @param number SQL of a DOUBLE. */
export function clockMs(number: string, clock: Clock | undefined): string {
  if (clock === undefined) return number;
  if (clock === 'hours') return `${number} * 3600000`;
  const minutes = clock === 'hhmm' ? number : `floor(${number} / 100)`;
  const ofMinute = clock === 'hhmm' ? '0' : `${number} % 100 * 1000`;
  return `(floor(${minutes} / 100) * 3600000 + ${minutes} % 100 * 60000 + ${ofMinute})`;
}

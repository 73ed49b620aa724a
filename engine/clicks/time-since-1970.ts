import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import type { Database } from './database.ts';

/** 3 March 1973, as 1e8 seconds since 1970: no shop was clicked before, while days as 1111, ranks and pauses are all smaller. */
const LEAST_EPOCH_MS = 1e11;
const SAMPLE_ROWS = 10_000;

/**
 * Numbers that are no seconds since 1970, though they were read as such, order views and tell nothing of pauses.
 *
 * @param from what reads the one column of the times as `value`, text. @param timesMs of the views that count.
 * @returns what the shop should know of it, a sentence each. @throws InputError when a pause is to be measured in them.
 */
export async function epochNotes(
  database: Database,
  from: string,
  { time = [], timeFormat, gapSeconds, user, session }: Columns,
  timesMs: Float64Array | undefined,
): Promise<string[]> {
  if (time.length !== 1 || timeFormat !== undefined || timesMs === undefined || timesMs.length === 0) return [];
  if (!areBefore(timesMs, LEAST_EPOCH_MS)) return [];
  const [{ are_numbers: areNumbers, example }] = await database.rows(
    `SELECT bool_and(try_cast(value AS DOUBLE) IS NOT NULL) AS are_numbers, regexp_replace(first(value), '\\.0$', '') AS example
     FROM (SELECT value FROM ${from} LIMIT ${SAMPLE_ROWS}) WHERE value <> ''`,
  );
  if (areNumbers !== true) return [];
  const [column] = time;
  const found = `${JSON.stringify(column)} holds numbers such as ${example}, which as seconds since 1970 are all of 1970 to 1973`;
  if (gapSeconds === undefined) {
    return [
      `${found}: they put views and sessions in order and are no such seconds. Name the column with --order where it counts within a session.`,
    ];
  }
  const whose = [user ?? session ?? []].flat().join();
  throw new InputError(
    `${found}, so no pause (--gap) can be measured in them. Where they are days, take a day for a session: --session ${whose},${column} --order ${column}. Else write the times as ISO 8601 or as an epoch.`,
  );
}

function areBefore(timesMs: Float64Array, limitMs: number): boolean {
  for (let i = 0; i < timesMs.length; i++) if (!(Math.abs(timesMs[i]) < limitMs)) return false;
  return true;
}

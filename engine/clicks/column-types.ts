import type { Columns } from '../artifacts/training-request.ts';
import type { Database } from './database.ts';
import { identifier } from './sql.ts';

/** A decimal as people write it, with few enough digits for a DOUBLE to hold it exactly as written. */
const PLAIN_DECIMAL = '-?(0|[1-9][0-9]{0,8})\\.[0-9]{1,6}|-?(0|[1-9][0-9]{0,14})';

/**
 * A SELECT of `clicks` in which a column of text becomes BIGINT or DOUBLE when every one of its values is written as
 * such a number, so that nothing is lost: "007" stays text. The session and product ids stay text always.
 */
export async function selectTypedClicks(
  database: Database,
  columns: readonly string[],
  { session, product }: Columns,
): Promise<string> {
  const isInteger = (name: string) => `CAST(try_cast(${name} AS BIGINT) AS VARCHAR) = ${name}`;
  const isDecimal = (name: string) => `regexp_full_match(${name}, '${PLAIN_DECIMAL}')`;
  const textColumns = await database.rows(
    "SELECT column_name AS name FROM (DESCRIBE clicks) WHERE column_type = 'VARCHAR'",
  );
  const candidates = textColumns.map(({ name }) => String(name)).filter((name) => name !== session && name !== product);
  const integers = await columnsWhereAll(database, candidates, isInteger);
  const decimals = await columnsWhereAll(
    database,
    candidates.filter((column) => !integers.has(column)),
    isDecimal,
  );
  const select = columns.map((column) => {
    const name = identifier(column);
    if (integers.has(column)) return `CAST(${name} AS BIGINT) AS ${name}`;
    if (decimals.has(column)) return `CAST(${name} AS DOUBLE) AS ${name}`;
    return name;
  });
  return `SELECT ${select.join(', ')} FROM clicks`;
}

/** The columns that have values, all of which hold to the condition. A look at the first rows saves most full scans. */
async function columnsWhereAll(database: Database, columns: readonly string[], holds: (name: string) => string) {
  let remaining = [...columns];
  for (const rows of ['(SELECT * FROM clicks LIMIT 1000)', 'clicks']) {
    if (remaining.length === 0) break;
    const checks = remaining.map((column, i) => {
      const name = identifier(column);
      return `bool_and(coalesce(${holds(name)}, false)) FILTER (${name} IS NOT NULL) AS c${i}`;
    });
    const [answer] = await database.rows(`SELECT ${checks.join(', ')} FROM ${rows}`);
    remaining = remaining.filter((_, i) => answer[`c${i}`] === true || (answer[`c${i}`] === null && rows !== 'clicks'));
  }
  return new Set(remaining);
}

import { InputError, messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import { numbered, type Scan } from './scan.ts';
import { identifier, literal } from './sql.ts';

/** A decimal as people write it, with few enough digits for a DOUBLE to hold it exactly as written. */
const PLAIN_DECIMAL = '-?(0|[1-9][0-9]{0,8})\\.[0-9]{1,6}|-?(0|[1-9][0-9]{0,14})';

/**
 * A SELECT of all accepted rows, in the order of the files and with the columns of all of them. A column of text becomes
 * BIGINT or DOUBLE when every one of its values is written as such a number, so that nothing is lost: "007" stays text.
 *
 * @param idColumns that stay text. @param hasFaultyRows whether `faulty_rows` has rows to leave out.
 */
export async function selectClicks(
  database: Database,
  scans: readonly Scan[],
  idColumns: readonly string[],
  hasFaultyRows: boolean,
): Promise<string> {
  const columns = unitedColumns(scans);
  const froms = scans.map((scan, s) => {
    if (!hasFaultyRows) return scan.from;
    const { from, number } = numbered(scan);
    return `(SELECT * EXCLUDE (${number}) FROM ${from} WHERE ${number} NOT IN (SELECT row FROM faulty_rows WHERE scan = ${s}))`;
  });
  const texts = scans.flatMap((scan, s) => (scan.isText ? [{ scan, from: froms[s] }] : []));
  const allText = texts.length === scans.length;
  const types = allText ? await numberTypes(database, texts, columns, idColumns) : new Map<string, string>();
  const selects = scans.map((scan, s) => {
    const values = columns.map(({ name, type }) => {
      const own = columnLike(scan, name);
      if (own === undefined) return `NULL AS ${identifier(name)}`;
      const wanted = types.get(name) ?? type;
      return wanted === scan.columns.get(own)
        ? `${identifier(own)} AS ${identifier(name)}`
        : `CAST(${identifier(own)} AS ${wanted}) AS ${identifier(name)}`;
    });
    return `SELECT ${values.join(', ')} FROM ${froms[s]}`;
  });
  return selects.join(' UNION ALL ');
}

/** The columns of all scans, those of the first one first; names that differ in case only are one column. */
function unitedColumns(scans: readonly Scan[]): { name: string; type: string }[] {
  const columns = new Map<string, { name: string; type: string }>();
  for (const scan of scans) {
    for (const [name, type] of scan.columns) {
      if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), { name, type });
    }
  }
  return Array.from(columns.values());
}

function columnLike(scan: Scan, name: string): string | undefined {
  if (scan.columns.has(name)) return name;
  return Array.from(scan.columns.keys()).find((own) => own.toLowerCase() === name.toLowerCase());
}

async function numberTypes(
  database: Database,
  texts: readonly { scan: Scan; from: string }[],
  columns: readonly { name: string }[],
  idColumns: readonly string[],
): Promise<Map<string, string>> {
  const isText = (name: string) =>
    texts.every(({ scan }) => (scan.columns.get(columnLike(scan, name) ?? name) ?? 'VARCHAR') === 'VARCHAR');
  const candidates = columns.map(({ name }) => name).filter((name) => !idColumns.includes(name) && isText(name));
  const union = texts
    .map(({ scan, from }) => {
      const values = candidates.map((name) => {
        const own = columnLike(scan, name);
        return `${own === undefined ? 'NULL::VARCHAR' : identifier(own)} AS ${identifier(name)}`;
      });
      return `SELECT ${['1 AS alike_row', ...values].join(', ')} FROM ${from}`;
    })
    .join(' UNION ALL ');
  const isInteger = (name: string) => `CAST(try_cast(${name} AS BIGINT) AS VARCHAR) = ${name}`;
  const isDecimal = (name: string) => `regexp_full_match(${name}, ${literal(PLAIN_DECIMAL)})`;
  const integers = await columnsWhereAll(database, union, candidates, isInteger);
  const decimals = await columnsWhereAll(
    database,
    union,
    candidates.filter((column) => !integers.has(column)),
    isDecimal,
  );
  return new Map([
    ...Array.from(integers, (name): [string, string] => [name, 'BIGINT']),
    ...Array.from(decimals, (name): [string, string] => [name, 'DOUBLE']),
  ]);
}

/** A thousand in one query take 18 s and 2 GB to plan and run, over eight rows. */
const CHECKS_AT_ONCE = 32;

/** The columns that have values, all of which hold to the condition. A look at the first rows saves most full scans. */
async function columnsWhereAll(
  database: Database,
  union: string,
  columns: readonly string[],
  holds: (name: string) => string,
) {
  let remaining = [...columns];
  for (const limit of [' LIMIT 1000', '']) {
    const kept: string[] = [];
    for (let start = 0; start < remaining.length; start += CHECKS_AT_ONCE) {
      const batch = remaining.slice(start, start + CHECKS_AT_ONCE);
      const checks = batch.map((column, i) => {
        const name = identifier(column);
        return `bool_and(coalesce(${holds(name)}, false)) FILTER (${name} IS NOT NULL) AS c${i}`;
      });
      const [answer] = await database.rows(`SELECT ${checks.join(', ')} FROM (SELECT * FROM (${union})${limit})`);
      kept.push(...batch.filter((_, i) => answer[`c${i}`] === true || (answer[`c${i}`] === null && limit !== '')));
    }
    remaining = kept;
  }
  return new Set(remaining);
}

/** @throws InputError that names the file whose types do not fit, in place of DuckDB's own message. */
export function explainTypes(cause: unknown, scans: readonly Scan[]): unknown {
  if (scans.length < 2 || !/conver|cast/i.test(messageOf(cause))) return cause;
  return new InputError(
    `${scans[1].files[0].file.name} has other types than ${scans[0].files[0].file.name}: ${messageOf(cause).split('\n')[0]}. Parquet files of one run have the same types; give each layout its own prefix.`,
    { cause },
  );
}

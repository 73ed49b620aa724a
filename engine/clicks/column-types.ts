import { asText, plainText } from './column-path.ts';
import type { Database } from './database.ts';
import { numbered, type Scan } from './scan.ts';
import { identifier, literal } from './sql.ts';

/** A decimal as people write it, with few enough digits for a DOUBLE to hold it exactly as written. */
const PLAIN_DECIMAL = '-?(0|[1-9][0-9]{0,8})\\.[0-9]{1,6}|-?(0|[1-9][0-9]{0,14})';

interface Source {
  scan: Scan;
  /** What stands after FROM. */
  from: string;
}

interface Column {
  name: string;
  type: string;
}

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
  const sources = scans.map((scan, s) => {
    if (!hasFaultyRows) return { scan, from: scan.from };
    const { from, number } = numbered(scan);
    return {
      scan,
      from: `(SELECT * EXCLUDE (${number}) FROM ${from} WHERE ${number} NOT IN (SELECT row FROM faulty_rows WHERE scan = ${s}))`,
    };
  });
  const columns = await unitedColumns(database, sources, idColumns);
  const selects = sources.map(({ scan, from }) => {
    const values = columns.map((column) => `${valueExpression(scan, column, idColumns)} AS ${identifier(column.name)}`);
    return `SELECT ${values.join(', ')} FROM ${from}`;
  });
  return selects.join(' UNION ALL ');
}

/** SQL of a column's value in a type that holds it. */
function valueExpression(scan: Scan, { name, type }: Column, idColumns: readonly string[]): string {
  const own = columnLike(scan, name);
  if (own === undefined) return 'NULL';
  const ownType = scan.columns.get(own)!;
  if (ownType === type) return identifier(own);
  if (type !== 'VARCHAR') return `CAST(${identifier(own)} AS ${type})`;
  return idColumns.includes(name) ? plainText(own, ownType) : asText(own, ownType);
}

/** The columns of all scans, those of the first one first; names that differ in case only are one column. */
async function unitedColumns(
  database: Database,
  sources: readonly Source[],
  idColumns: readonly string[],
): Promise<Column[]> {
  const names = new Map<string, string>();
  for (const { scan } of sources) {
    for (const name of scan.columns.keys()) {
      if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
    }
  }
  const texts = sources.filter(({ scan }) => scan.isText);
  const numbers = await numberTypes(database, texts, Array.from(names.values()), idColumns);
  const columns: Column[] = [];
  for (const name of names.values()) {
    const found = sources.flatMap(({ scan, from }) => {
      const own = columnLike(scan, name);
      if (own === undefined) return [];
      const type = (scan.isText ? numbers.get(name) : undefined) ?? scan.columns.get(own)!;
      return [{ from, own, type }];
    });
    const type = unitedType(
      found.map((column) => column.type),
      idColumns.includes(name),
    );
    const isExact = type !== 'DOUBLE' || (await areExactDoubles(database, found));
    columns.push({ name, type: isExact ? type : 'VARCHAR' });
  }
  return columns;
}

const SIGNED_64_BITS = /^(TINY|SMALL|BIG|UTINY|USMALL)INT$|^U?INTEGER$/;
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL\(.*\))$/;
/** Numbers of which a DOUBLE does not hold each. */
const WIDER_THAN_DOUBLE = /^(U?(BIG|HUGE)INT|DECIMAL\(.*\))$/;

/** What holds the values of all of the types, whichever comes first. Ids are text, and so is what has nothing else in common. */
function unitedType(types: readonly string[], areIds: boolean): string {
  if (types.every((type) => type === types[0])) return types[0];
  if (areIds) return 'VARCHAR';
  if (types.every((type) => SIGNED_64_BITS.test(type))) return 'BIGINT';
  return types.every((type) => NUMBER.test(type)) ? 'DOUBLE' : 'VARCHAR';
}

async function areExactDoubles(
  database: Database,
  columns: readonly { from: string; own: string; type: string }[],
): Promise<boolean> {
  for (const { from, own, type } of columns) {
    if (!WIDER_THAN_DOUBLE.test(type)) continue;
    const value = `CAST(${identifier(own)} AS ${type})`;
    const [answer] = await database.rows(
      `SELECT bool_and(${value} IS NULL OR coalesce(try_cast(CAST(${value} AS DOUBLE) AS ${type}) = ${value}, false)) AS ok FROM ${from}`,
    );
    if (answer['ok'] === false) return false;
  }
  return true;
}

function columnLike(scan: Scan, name: string): string | undefined {
  if (scan.columns.has(name)) return name;
  return Array.from(scan.columns.keys()).find((own) => own.toLowerCase() === name.toLowerCase());
}

async function numberTypes(
  database: Database,
  texts: readonly Source[],
  columns: readonly string[],
  idColumns: readonly string[],
): Promise<Map<string, string>> {
  if (texts.length === 0) return new Map();
  const isText = (name: string) =>
    texts.every(({ scan }) => (scan.columns.get(columnLike(scan, name) ?? name) ?? 'VARCHAR') === 'VARCHAR');
  const candidates = columns.filter((name) => !idColumns.includes(name) && isText(name));
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

import { nearestName } from '../nearest-name.ts';
import { rootOf } from './column-path.ts';
import { quoteNames } from './csv-header.ts';
import type { Database } from './database.ts';
import { looksLikeEvents, MAY_BE_EVENT, MOST_EVENTS, suggestedWeights } from './likely-events.ts';
import type { ResolvedReading } from './recognise-format.ts';
import { parseCondition } from './row-filter.ts';
import type { Scan } from './scan.ts';
import { identifier, literal } from './sql.ts';
import { eventNames, namedColumns, type ViewPaths } from './view-query.ts';

type ScansWithPaths = readonly { scan: Scan; paths: ViewPaths }[];

/** A column of events has a few; one that was named by mistake may have millions. */
const MOST_COUNTED = 1_000;
const FIRST_ROWS = 1_000;

/** What the shop should know about its events that no row says by itself, a sentence each. */
export async function eventNotes(
  database: Database,
  scans: ScansWithPaths,
  reading: ResolvedReading,
): Promise<string[]> {
  const counted = countedEvents(reading);
  // Where rows count and one event does, it has these rows.
  if (counted.length === 1) return [];
  return counted.length > 1 ? missingEvents(database, scans, reading) : unreadEvents(database, scans, reading);
}

/** Rows of each event, those that count first, then by rows. */
export function countEvents(
  database: Database,
  scans: ScansWithPaths,
  reading: ResolvedReading,
): Promise<Map<string, number>> {
  const names = scans.map(({ scan, paths }) => eventNames(scan, paths, reading.columns.events));
  return countValues(database, names, countedEvents(reading), MOST_COUNTED);
}

function countedEvents({ columns: { events = {} } }: ResolvedReading): string[] {
  return Object.keys(events).filter((name) => events[name] > 0);
}

/** A misspelt event has no row, and all of its rows are skipped. */
async function missingEvents(database: Database, scans: ScansWithPaths, reading: ResolvedReading): Promise<string[]> {
  const found = await countEvents(database, scans, reading);
  const known = Object.keys(reading.columns.events ?? {});
  const skipped = Array.from(found.keys()).filter((name) => !known.includes(name));
  const missing = countedEvents(reading).filter((name) => !found.has(name));
  return missing.map((name) => {
    const nearest = nearestName(name, skipped);
    const hint =
      nearest !== undefined
        ? ` Did you mean ${JSON.stringify(nearest)}? Its ${found.get(nearest)!.toLocaleString('en-US')} rows do not count.`
        : skipped.length > 0
          ? ` Events that do not count: ${quoteNames(skipped)}.`
          : '';
    return `No row is the event ${JSON.stringify(name)}, which is to count (--events).${hint}`;
  });
}

/** A table that names its events, none of which the reading asks for: a purchase counts as a view. */
async function unreadEvents(
  database: Database,
  scans: ScansWithPaths,
  { format, columns, where = [] }: ResolvedReading,
): Promise<string[]> {
  if (format !== undefined) return [];
  const named = new Set(namedColumns(columns, where.map(parseCondition)).map(rootOf));
  const found = new Set(scans.flatMap(({ scan }) => Array.from(scan.columns.keys())));
  const notes: string[] = [];
  for (const column of found) {
    if (named.has(column) || !MAY_BE_EVENT.test(column)) continue;
    const tables = scans.filter(({ scan }) => scan.columns.get(column) === 'VARCHAR');
    const values = tables.map(({ scan }) => `SELECT ${identifier(column)} AS event FROM ${scan.from}`);
    const namesIn = async (rows: readonly string[]) =>
      Array.from((await countValues(database, rows, [], MOST_EVENTS + 1)).keys());
    // Counting a column of millions of names takes seconds, and its first rows tell what it is.
    const firstRows = values.slice(0, 1).map((all) => `SELECT event FROM (${all} LIMIT ${FIRST_ROWS})`);
    if ((await namesIn(firstRows)).length > MOST_EVENTS) continue;
    const names = await namesIn(values);
    if (!looksLikeEvents(names)) continue;
    notes.push(
      `The column ${JSON.stringify(column)} has ${quoteNames(names)}, and all of these rows count as views. Say which count, and for how much: ${suggestedWeights(column, names)}.`,
    );
  }
  return notes;
}

/** @param tables SQL of tables whose column is `event`. @param first values that come before the others. */
async function countValues(
  database: Database,
  tables: readonly string[],
  first: readonly string[],
  limit: number,
): Promise<Map<string, number>> {
  if (tables.length === 0) return new Map();
  const order = [...(first.length === 0 ? [] : [`event IN (${first.map(literal).join(', ')}) DESC`]), 'rows DESC'];
  const rows = await database.rows(
    `SELECT event, count(*)::DOUBLE AS rows FROM (${tables.join(' UNION ALL ')}) WHERE event <> '' GROUP BY event ORDER BY ${order.join(', ')}, event LIMIT ${limit}`,
  );
  return new Map(rows.map(({ event, rows }) => [String(event), Number(rows)]));
}

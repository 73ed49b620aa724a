import { CLICK_FORMATS, type ClickFormat } from '../artifacts/click-formats.ts';
import type { Columns } from '../artifacts/click-source.ts';
import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';
import { clockHint } from './clock-hint.ts';
import { quoteNames } from './csv-header.ts';
import type { Database } from './database.ts';
import { countEvents, eventNotes } from './event-notes.ts';
import { explainedLater } from './explain-reading.ts';
import type { TableTools } from './read-table.ts';
import { readViews } from './read-views.ts';
import type { ResolvedReading } from './recognise-format.ts';
import { rejectRows } from './reject-rows.ts';
import { parseCondition } from './row-filter.ts';
import { rowsOf, type Scan } from './scan.ts';
import { scanFiles, textColumnsOf } from './scan-files.ts';
import { REJECTED_ROWS_DDL, type SourceFile } from './source-file.ts';
import type { TimeHints } from './time-expression.ts';
import { timeHints } from './time-hints.ts';
import { epochNotes } from './time-since-1970.ts';
import { findPaths, timeText, type ViewPaths } from './view-query.ts';
import type { Views } from './views.ts';

export interface LoadedClicks {
  acceptedRows: number;
  rejectedRows: number;
  /** Counts that are not 0, for the run's summary. */
  counts: Record<string, number>;
  reading: ResolvedReading;
  scans: Scan[];
  /** Columns that stay text. */
  idColumns: string[];
  /** Whether `faulty_rows` has rows to leave out. */
  hasFaultyRows: boolean;
  views: Views;
  /** What the shop should know about how its files are read, a sentence each. */
  notes: string[];
}

/**
 * Reads all files: their views as numbers, and the rows that cannot be used into `rejected_rows` (file, line, column,
 * reason, content). Nothing is dropped in silence: each row is accepted, rejected, or counted as skipped.
 *
 * @param folder for temporary files. @param nowMs when the run began: no click is later. @param tools to read without
 * DuckDB what nothing is wrong with.
 * @throws InputError when a file or its header is unusable, or when there is no row.
 */
export async function loadClicks(
  database: Database,
  files: readonly SourceFile[],
  request: Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>,
  folder: string,
  nowMs: number,
  tools?: TableTools,
): Promise<LoadedClicks> {
  await database.run(REJECTED_ROWS_DDL);
  const { scans, reading, notes: scanNotes } = await scanFiles(database, files, request, folder, tools);
  const { columns } = reading;
  const conditions = (reading.where ?? []).map(parseCondition);
  const scansWithPaths = scans.map((scan) => ({
    scan,
    paths: findPaths(columns, conditions, Array.from(scan.columns.keys()), scan.files[0].file.name),
  }));
  const rows = scans.reduce((sum, scan) => sum + rowsOf(scan), 0);
  const refusedByReader = Number((await database.rows('SELECT count(*)::INTEGER AS n FROM rejected_rows'))[0]['n']);
  if (rows + refusedByReader === 0) {
    throw new InputError(
      `${files.map((file) => file.name).join(', ')}: there is a header (${quoteNames(Array.from(scans[0].columns.keys()))}) but not one row. Export the clickstream again.`,
    );
  }
  const { views, faulty, notes, ...skipped } = await explainedLater(scans, async () => {
    const hints = await hintsFor(database, scansWithPaths, columns);
    const { hasPages }: Partial<ClickFormat> = reading.format === undefined ? {} : CLICK_FORMATS[reading.format];
    const { views, faulty, ...skipped } = await readViews(database, scansWithPaths, columns, hints, nowMs, hasPages);
    await rejectRows(database, scansWithPaths, faulty, columns);
    const hasFaults = faulty.some((ofScan) => ofScan.rows.length > 0);
    // Where all rows that count are faulty, they are what is wrong: see `refuseTooManyRejections`.
    if (!hasFaults) await refuseNothingLeft(database, views, skipped, scansWithPaths, reading);
    const notes = [
      ...pageNotes(skipped.skippedWithoutProduct),
      ...(await epochNotes(database, timesOf(scansWithPaths, columns, 0), columns, views.timesMs)),
      ...(await eventNotes(database, scansWithPaths, reading)),
    ];
    return { views, faulty, notes, ...skipped };
  });
  const faultyRows = faulty.reduce((sum, { rows }) => sum + rows.length, 0);
  const placeholderRows = faulty.flatMap(({ faults }) => faults).filter(({ isPlaceholder }) => isPlaceholder).length;
  return {
    acceptedRows: rows - faultyRows,
    rejectedRows: refusedByReader + faultyRows,
    counts: Object.fromEntries(Object.entries({ placeholderRows, ...skipped }).filter(([, count]) => count > 0)),
    reading,
    scans,
    idColumns: textColumnsOf(reading),
    hasFaultyRows: faultyRows > 0,
    views,
    notes: [...scanNotes, ...notes],
  };
}

async function hintsFor(
  database: Database,
  scans: readonly { scan: Scan; paths: ViewPaths }[],
  columns: Columns,
): Promise<TimeHints> {
  const { time, timeFormat, dayFirst } = columns;
  // Times that are known need no hint.
  if (time === undefined || scans.every(({ scan }) => scan.timesMs !== undefined)) return {};
  const given = { format: timeFormat, dayFirst };
  const hints = await timeHints(database, timesOf(scans, columns, 0), time, given);
  if (time.length !== 2 || timeFormat !== undefined) return hints;
  return { ...hints, clock: await clockHint(database, timesOf(scans, columns, 1)) };
}

/** SQL of a time column of all scans, as text. @param i which, from 0. */
function timesOf(scans: readonly { scan: Scan; paths: ViewPaths }[], { events }: Columns, i: number): string {
  const values = scans.map(({ scan, paths }) => `SELECT value FROM ${timeText(scan, paths, events, i)}`);
  return `(${values.join(' UNION ALL ')})`;
}

function pageNotes(rows: number): string[] {
  return rows === 0
    ? []
    : [`${rows.toLocaleString('en-US')} rows have no product and were skipped: views of other pages, most likely.`];
}

const SHOWN_EVENTS = 10;

/** Rows that all belong to other events, or to no row of the filter, are a mistake in the request. */
async function refuseNothingLeft(
  database: Database,
  views: Views,
  skipped: Record<'skippedByEvent' | 'skippedByFilter' | 'skippedWithoutProduct', number>,
  scans: readonly { scan: Scan; paths: ViewPaths }[],
  reading: ResolvedReading,
): Promise<void> {
  const { skippedByEvent, skippedByFilter, skippedWithoutProduct } = skipped;
  if (views.products.length > 0 || skippedByEvent + skippedByFilter + skippedWithoutProduct === 0) return;
  if (skippedWithoutProduct > 0) {
    throw new InputError(
      `No row has a product and counts: ${quoteNames([reading.columns.product!])} is empty in ${skippedWithoutProduct} rows. Export it too, or name the product's column with --product.`,
    );
  }
  if (skippedByEvent === 0) {
    throw new InputError(
      `No row holds to ${quoteNames(reading.where ?? [])}; ${skippedByFilter} rows were skipped. Correct --where.`,
    );
  }
  const { event, events = {} } = reading.columns;
  const found = Array.from((await countEvents(database, scans, reading)).keys()).slice(0, SHOWN_EVENTS);
  throw new InputError(
    `No row is one of the events ${quoteNames(Object.keys(events))}; ${skippedByEvent} rows were skipped. ${found.length === 0 ? '' : `The column ${JSON.stringify(event)} has ${quoteNames(found)}. `}Name those that count with --events NAME=WEIGHT.`,
  );
}

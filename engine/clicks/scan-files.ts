import { saysAll } from '../artifacts/click-source.ts';
import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';
import { findPath, rootOf } from './column-path.ts';
import {
  type CsvLayout,
  guessHeader,
  layoutOfNames,
  NAME_COLUMNS,
  quoteNames,
  readCsvHeader,
  refuseTooManyColumns,
} from './csv-header.ts';
import type { Database } from './database.ts';
import { explained } from './explain-reading.ts';
import { keysAtStart } from './keys-at-start.ts';
import { refuseJsonAfterText } from './odd-tables.ts';
import { readCsv } from './read-csv.ts';
import { readJsonDocument, readJsonLines } from './read-json.ts';
import { parquetColumns, readParquet } from './read-parquet.ts';
import type { TableTools, TableWishes } from './read-table.ts';
import {
  lacksProduct,
  type ResolvedReading,
  readingOfHeader,
  readingOfRequest,
  recogniseFormat,
  variantsOf,
} from './recognise-format.ts';
import { parseCondition } from './row-filter.ts';
import { sampleRows } from './sample-rows.ts';
import type { Scan } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { emptyFile } from './source-format.ts';
import { identifier } from './sql.ts';
import { sampledFields, type UnknownFile, unknownFiles } from './suggest-columns.ts';
import { adviceOnFormat, incompleteFormat, strayFile } from './suggest-format.ts';
import { namedColumns, sessionOf } from './view-query.ts';

/** Reads all files, those of one layout that follow each other in one scan. @param folder for temporary files. */
export async function scanFiles(
  database: Database,
  files: readonly SourceFile[],
  request: Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>,
  folder: string,
  tools?: TableTools,
): Promise<{ scans: Scan[]; reading: ResolvedReading; notes: string[] }> {
  const asked = readingOfRequest(request);
  const reading =
    asked === undefined
      ? await recognised(database, files, request)
      : fitted(asked, await explained([files[0]], async () => (await headerOf(database, files[0], asked)).columns));
  const named = namedColumns(reading.columns, (reading.where ?? []).map(parseCondition));
  const scans: Scan[] = [];
  const notes: string[] = [];
  const groups = await groupsOf(database, files, reading, named);
  const texts = groups.length === 1 ? textColumnsOf(reading) : undefined;
  const wishesOf = (columns: readonly string[]): TableWishes => ({
    ...(groups.length === 1 ? wishesOfReading(reading, columns) : NO_WISHES),
    texts: texts ?? columns,
  });
  const native = tools && { tools, wishesOf };
  for (const group of groups) {
    const path = `${folder}/rows-${scans.length}.parquet`;
    const scan = await explained(group.files, () => scanGroup(database, group, named, texts, path, native));
    if (group.csv?.repeated !== undefined) notes.push(...(await repeatNotes(database, scan, group.csv.repeated)));
    scans.push(scan);
  }
  return { scans, reading, notes };
}

interface Group {
  files: SourceFile[];
  /** The same for files that are read together. */
  layout: string;
  csv?: CsvLayout;
}

async function groupsOf(
  database: Database,
  files: readonly SourceFile[],
  reading: ResolvedReading,
  named: readonly string[],
): Promise<Group[]> {
  const groups: Group[] = [];
  for (const file of files) {
    const group = await explained([file], () => groupOf(database, file, reading, named));
    const last = groups.at(-1);
    if (last !== undefined && last.layout === group.layout && file.format !== 'json' && file.format !== 'json-array') {
      last.files.push(file);
    } else groups.push(group);
  }
  return groups;
}

async function groupOf(
  database: Database,
  file: SourceFile,
  { names, delimiter }: ResolvedReading,
  named: readonly string[],
): Promise<Group> {
  if (file.format === 'csv') {
    const missingOf = (columns: readonly string[]) => named.filter((name) => findPath(name, columns) === undefined);
    const required = [...named, ...named.map(rootOf)];
    const csv =
      names === undefined ? readCsvHeader(file, required, missingOf, delimiter) : layoutOfNames(file, names, delimiter);
    return { files: [file], layout: JSON.stringify(csv), csv };
  }
  if (file.format === 'parquet') {
    const columns = await parquetColumns(database, file);
    refuseTooManyColumns(file.name, columns.size);
    return { files: [file], layout: JSON.stringify(['parquet', ...columns]) };
  }
  return { files: [file], layout: file.format };
}

/** Columns whose values are names, whatever they look like: ids, events, and what rows are chosen by. */
export function textColumnsOf({ columns, where = [] }: ResolvedReading): string[] {
  return namedColumns({ ...columns, order: undefined, time: undefined }, where.map(parseCondition)).map(rootOf);
}

const NO_WISHES: Omit<TableWishes, 'texts'> = { ids: [], order: undefined, time: [] };

/** What the reading needs of columns that it names as they are; what is inside of a value is another matter. */
function wishesOfReading(
  { columns, where = [] }: ResolvedReading,
  found: readonly string[],
): Omit<TableWishes, 'texts'> {
  const named = namedColumns(columns, where.map(parseCondition));
  const sessions = sessionOf(columns);
  if (sessions.length !== 1 || !named.every((name) => found.includes(name))) return NO_WISHES;
  return {
    ids: [...new Set([...sessions, columns.product!])],
    order: columns.order,
    time: columns.timeFormat === undefined ? (columns.time ?? []) : [],
  };
}

function scanGroup(
  database: Database,
  { files, csv }: Group,
  named: readonly string[],
  texts: readonly string[] | undefined,
  path: string,
  native: Parameters<typeof readCsv>[5],
): Promise<Scan> {
  const required = [...named, ...named.map(rootOf)];
  if (csv !== undefined) return readCsv(database, files, csv, texts, path, native);
  if (files[0].format === 'parquet') return readParquet(database, files);
  return files[0].format === 'jsonl'
    ? readJsonLines(database, files, required, path, native && { ...native, areTypesFinal: texts !== undefined })
    : readJsonDocument(database, files[0], required, path);
}

/** Which of two columns of one name is meant cannot be told, unless they say the same: the first is read, and it is said. */
async function repeatNotes(
  database: Database,
  { files, from }: Scan,
  repeated: NonNullable<CsvLayout['repeated']>,
): Promise<string[]> {
  const notes: string[] = [];
  for (const [name, others] of repeated) {
    for (const other of others) {
      const [a, b] = [name, other].map((column) => `coalesce(CAST(${identifier(column)} AS VARCHAR), '')`);
      // A column of numbers is written anew, and the one that is an id is not.
      const areOneNumber = `coalesce(try_cast(${a} AS DOUBLE) = try_cast(${b} AS DOUBLE), false)`;
      const [found] = await database.rows(
        `SELECT ${a} AS a, ${b} AS b FROM ${from} WHERE trim(${a}) <> trim(${b}) AND NOT ${areOneNumber} LIMIT 1`,
      );
      if (found === undefined) continue;
      const [read, left] = [found['a'], found['b']].map((value) => quoteNames([String(value)]));
      notes.push(
        `${files[0].file.name} has several columns ${JSON.stringify(name)}, which differ. The first is read: one row has ${read} there, and ${left} in another one. Give each column a name of its own.`,
      );
    }
  }
  return notes;
}

/**
 * The reading of the format whose header the first file has.
 *
 * @throws InputError that says what its columns look like, or which of the other files is of a known format.
 */
async function recognised(
  database: Database,
  [file, ...others]: readonly SourceFile[],
  request: Parameters<typeof readingOfHeader>[0],
): Promise<ResolvedReading> {
  if (/^[\s[\]{},]*$/.test(new TextDecoder().decode(file.start))) throw emptyFile(file.name);
  if (file.format === 'csv') refuseJsonAfterText(file.name, firstLineOf(file));
  const { columns, csv } = await explained([file], () => headerOf(database, file, request));
  const reading = readingOfHeader(request, columns, firstLineOf(file));
  const rows = await sampleRows(database, file, csv);
  if (reading !== undefined && !lacksProduct(reading, columns, rows)) return recognisedWhole(reading, file, columns);
  const unknown: UnknownFile[] = [unknownFile(file, { columns, csv }, rows)];
  if (reading !== undefined) throw unknownFiles(unknown, { columns: request.columns, names: request.names });
  for (const other of others.slice(0, MOST_LOOKED_AT)) {
    const header = await readableHeader(database, other, request);
    if (header === undefined) continue;
    const known = recogniseFormat(header.columns, firstLineOf(other));
    if (known !== undefined) throw strayFile(file.name, { name: other.name, format: known });
    const isAnother = unknown.every((one) => String(one.columns) !== String(header.columns));
    if (isAnother || unknown.length > 1)
      unknown.push(unknownFile(other, header, await sampleRows(database, other, header.csv)));
  }
  throw unknownFiles(unknown, { columns: request.columns, names: request.names });
}

/** @throws InputError with the command to run where the header is the format's, but for a column. */
function recognisedWhole(reading: ResolvedReading, file: SourceFile, columns: readonly string[]): ResolvedReading {
  // Its names stand in no header.
  if (reading.names !== undefined) return reading;
  const found = fitted(reading, columns);
  const missing = missingOf(found, columns);
  // A key of JSON may come later.
  const isSure = file.format === 'csv' || file.format === 'parquet';
  if (isSure && missing.length > 0) throw incompleteFormat(file.name, found, missing, columns);
  return found;
}

/** The session that the header has, where files of the format differ, and the columns as the header spells them. */
function fitted(reading: ResolvedReading, columns: readonly string[]): ResolvedReading {
  const variants = variantsOf(reading).map((variant) => spelledLike(variant, columns));
  return variants.find((variant) => missingOf(variant, columns).length === 0) ?? variants[0];
}

/** Columns that the reading names and the header has not. */
function missingOf({ columns, where = [] }: ResolvedReading, found: readonly string[]): string[] {
  return namedColumns(columns, where.map(parseCondition)).filter((name) => findPath(name, found) === undefined);
}

/** Texts about the data are few; a folder may have thousands of parts. */
const MOST_LOOKED_AT = 20;

interface Header {
  columns: string[];
  csv?: CsvLayout;
}

/** @returns undefined for a file that cannot be read. */
async function readableHeader(
  database: Database,
  file: SourceFile,
  request: Parameters<typeof readingOfHeader>[0],
): Promise<Header | undefined> {
  try {
    return await explained([file], () => headerOf(database, file, request));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

function unknownFile(
  file: SourceFile,
  { columns, csv }: Header,
  rows: Awaited<ReturnType<typeof sampleRows>>,
): UnknownFile {
  const fields = sampledFields(columns, rows);
  return { name: file.name, columns, fields, delimiter: csv?.delimiter, firstLine: firstLineOf(file) };
}

function firstLineOf({ start }: SourceFile): string {
  return /^.*/.exec(new TextDecoder().decode(start))![0];
}

/** A file's columns, as far as they can be told without knowing which must be there. */
async function headerOf(database: Database, file: SourceFile, reading: Partial<ResolvedReading>): Promise<Header> {
  if (file.format === 'parquet') return { columns: Array.from((await parquetColumns(database, file)).keys()) };
  if (file.format === 'csv') {
    const { names, delimiter } = reading;
    const csv = names === undefined ? layoutOf(file, reading) : layoutOfNames(file, names, delimiter);
    return { columns: csv.columns, csv };
  }
  const columns = keysAtStart(file);
  refuseTooManyColumns(file.name, columns.length);
  return { columns };
}

/** The header that has the named columns, whatever their case; where not all are named, the likeliest. */
function layoutOf(file: SourceFile, { format, columns = {}, delimiter }: Partial<ResolvedReading>): CsvLayout {
  if (saysAll(format, columns)) {
    const variants = variantsOf({ format, columns }).map((variant) => namedColumns(variant.columns, []));
    const lacking = (found: readonly string[]) => {
      const lowerCase = found.map((name) => name.toLowerCase());
      const missing = variants.map((named) =>
        named.filter((name) => findPath(name.toLowerCase(), lowerCase) === undefined),
      );
      return missing.find((names) => names.length === 0) ?? missing[0];
    };
    const advice = (found: readonly string[]) =>
      format !== undefined && recogniseFormat(found, '') === format
        ? adviceOnFormat({ format, columns }, lacking(found), found)
        : NAME_COLUMNS;
    return readCsvHeader(file, variants[0], lacking, delimiter, advice);
  }
  const guess = guessHeader(file.start, delimiter);
  const detected = delimiter !== undefined && guess === undefined ? guessHeader(file.start, undefined) : undefined;
  if (detected !== undefined) {
    const [asked, found] = [delimiter, detected.delimiter].map((text) => JSON.stringify(text));
    throw new InputError(
      `${file.name} is separated by ${found} and not by ${asked}: leave out the delimiter (--delimiter), which is detected then.`,
    );
  }
  const missingOf = (found: readonly string[]) => (guess === undefined || found.length === guess.cells ? [] : ['']);
  return readCsvHeader(file, [], missingOf, guess?.delimiter ?? delimiter ?? ',');
}

/** A reading whose columns are spelled as the header spells them, where only upper and lower case differ. */
function spelledLike(reading: ResolvedReading, columns: readonly string[]): ResolvedReading {
  const spell = (name: string): string => {
    const root = rootOf(name);
    if (columns.includes(name) || columns.includes(root)) return name;
    const whole = columns.filter((column) => column.toLowerCase() === name.toLowerCase());
    if (whole.length === 1) return whole[0];
    const alike = columns.filter((column) => column.toLowerCase() === root.toLowerCase());
    return alike.length === 1 ? alike[0] + name.slice(root.length) : name;
  };
  const { session, user, product, order, time, event } = reading.columns;
  return {
    ...reading,
    columns: {
      ...reading.columns,
      ...(session !== undefined && { session: Array.isArray(session) ? session.map(spell) : spell(session) }),
      ...(user !== undefined && { user: spell(user) }),
      ...(product !== undefined && { product: spell(product) }),
      ...(order !== undefined && { order: spell(order) }),
      ...(time !== undefined && { time: time.map(spell) }),
      ...(event !== undefined && { event: spell(event) }),
    },
  };
}

import { type ByteSink, ParquetStream } from '../artifacts/parquet-stream.ts';
import type { KernelThreads, StartThreads } from '../numeric/kernel.ts';
import type { CsvLayout } from './csv-header.ts';
import { GrowingArray } from './growing-array.ts';
import { timesOfNumbers } from './known-times.ts';
import { NumberColumns, type NumberType } from './number-columns.ts';
import type { SourceFile } from './source-file.ts';
import { type FilledSet, TableChunks, type TableLayout } from './table-chunks.ts';
import {
  type Kind,
  layOutTable,
  MOST_PARTS_OF_TIME,
  type TableMemory,
  type TableSet,
  type TableThread,
} from './table-memory.ts';
import { NEVER, numbersOf, pagesOf, textsOf } from './table-results.ts';

/** What reading tables without DuckDB needs; `lambdas/shared/duckdb/table-tools.ts` has it. */
export interface TableTools {
  threads: number;
  startThreads: StartThreads;
  /** The same beside the calling thread, which takes no part. */
  startThreadsAside: StartThreads;
  createFile(path: string): Promise<ByteSink & { close(): Promise<void> }>;
}

/** Texts of a column as numbers by first appearance. */
export interface NumberedTexts {
  texts: string[];
  /** (rowCount) a missing text is the empty one. */
  numbers: Int32Array;
}

/** A table that stands in a Parquet file. */
export interface ReadTable {
  /** Of each file. */
  rows: number[];
  /** Of each column. */
  types: ('VARCHAR' | NumberType)[];
  /** Of the columns that were asked for. */
  numbered: Map<string, NumberedTexts>;
  /** (rowCount) of the column that was asked for, where it holds numbers; NaN where there is none. */
  orders: Float64Array | undefined;
  /** (rowCount) milliseconds since the epoch, where the columns that were asked for tell without further ado; NaN likewise. */
  timesMs: Float64Array | undefined;
}

export interface TableWishes {
  /** Columns that stay text. */
  texts: readonly string[];
  /** Columns to number. */
  ids: readonly string[];
  /** A column whose numbers are needed. */
  order: string | undefined;
  /** Columns that are a time together; none: it is not needed, or takes DuckDB. */
  time: readonly string[];
}

/** Rows need not be as long as those of the first chunk. */
const SURPLUS = 1.05;
const NOT_INTEGER = 1;
const NOT_DECIMAL = 2;
const IS_VALUE = 4;

/** Chunks make row groups, so they depend on the files alone: the same files give the same bytes on any machine. */
const CHUNKS = 8;
const LEAST_CHUNK_BYTES = 2 ** 20;
const MOST_CHUNK_BYTES = 8 * 2 ** 20;
/**
 * From here on one set of chunks is read while the calling thread takes what the other says, which is a quarter of the work.
 * Starting twice the threads would cost more than that of a smaller input.
 */
const LEAST_BYTES_ASIDE = 32 * 2 ** 20;

/**
 * Reads CSV files, or JSON Lines, of one layout into a Parquet file in one pass, where every record is as it should be.
 *
 * @param guess what the columns' values seem to be, as flags of the kernel. @param path of the Parquet file.
 * @returns undefined where a record has another number of cells, a quote stands astray, or text is not UTF-8: then a slower
 * reader says what is wrong with which line.
 */
export async function readTable(
  files: readonly SourceFile[],
  layout: TableLayout,
  guess: readonly number[],
  wishes: TableWishes,
  path: string,
  tools: TableTools,
): Promise<ReadTable | undefined> {
  const { found, flags } = await new TableReading(files, layout, wishes, guess).read(path, tools);
  if (found !== undefined || flags === undefined) return found;
  return (await new TableReading(files, layout, wishes, flags).read(path, tools)).found;
}

/** As `readTable`, of CSV. */
export async function readCsvTable(
  files: readonly SourceFile[],
  csv: CsvLayout,
  wishes: TableWishes,
  path: string,
  tools: TableTools,
): Promise<ReadTable | undefined> {
  const { columns, delimiter, skipLines, hasHeader } = csv;
  if (columns.length < 2 || delimiter.length > 1 || delimiter.charCodeAt(0) > 0x7f) return undefined;
  const sample = new NumberColumns(columns.length, delimiter, skipLines + (hasHeader ? 1 : 0));
  sample.add(files[0].start);
  if (files[0].isWhole) sample.endFile();
  return readTable(files, { columns, csv }, sample.flagsOfColumns(), wishes, path, tools);
}

/** One attempt at reading with columns of certain kinds. */
class TableReading {
  private readonly files: readonly SourceFile[];
  private readonly layout: TableLayout;
  private readonly kinds: Kind[];
  private readonly rows: number[];
  /** By the kernel's number of the column. */
  private readonly ids: { column: number; numbers: GrowingArray<Int32Array> | undefined }[];
  private readonly order: number | undefined;
  private readonly time: number[];
  private orders: GrowingArray<Float64Array> | undefined;
  private timesMs: GrowingArray<Float64Array> | undefined;
  /** Whether they are asked for, and not given up. */
  private hasOrders: boolean;
  private hasTimes: boolean;
  /** A little more than will come, as the first chunk tells. */
  private expectedRows = 0;
  /** What the values are, as far as they were read. */
  private readonly flags: Uint8Array;
  /** Whether the columns have other kinds: then only the flags are of use. */
  private isWrong = false;

  constructor(files: readonly SourceFile[], layout: TableLayout, wishes: TableWishes, flags: ArrayLike<number>) {
    this.files = files;
    this.layout = layout;
    this.kinds = layout.columns.map((name, i) => (wishes.texts.includes(name) ? 'text' : kindOf(flags[i])));
    this.flags = Uint8Array.from(flags);
    this.rows = files.map(() => 0);
    const columnOf = (name: string) => layout.columns.indexOf(name);
    this.ids = wishes.ids.map((name) => ({ column: columnOf(name), numbers: undefined }));
    this.order = wishes.order === undefined ? undefined : columnOf(wishes.order);
    this.time = wishes.time.map(columnOf);
    this.hasOrders = this.order !== undefined && this.isNumber(this.order);
    const areNumbers = this.time.length > 0 && this.time.every((column) => this.kinds[column] === 'integer');
    const isText = this.time.length === 1 && this.kinds[this.time[0]] === 'text';
    this.hasTimes = (areNumbers || isText) && this.time.length <= MOST_PARTS_OF_TIME;
  }

  private isNumber(column: number): boolean {
    return this.kinds[column] === 'integer' || this.kinds[column] === 'decimal';
  }

  /** @returns the flags of all values where the kinds were wrong. */
  async read(path: string, tools: TableTools): Promise<{ found?: ReadTable; flags?: Uint8Array }> {
    const bytes = this.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const chunkBytes = Math.min(MOST_CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, Math.ceil(bytes / CHUNKS)));
    const isAside = tools.threads > 1 && bytes >= LEAST_BYTES_ASIDE;
    const memory = this.layOut(chunkBytes, bytes > LEAST_CHUNK_BYTES ? tools.threads : 1, isAside ? 2 : 1);
    if (memory === undefined) return {};
    const start = isAside ? tools.startThreadsAside : tools.startThreads;
    const readers = new Map<TableSet, KernelThreads>();
    try {
      for (const set of memory.sets) readers.set(set, await start(set.job));
      const file = await tools.createFile(path);
      const chunks = new TableChunks(this.files, this.layout, memory, chunkBytes);
      const outcome = await this.readInto(file, memory, readers, chunks).catch(async (error) => {
        // After a failed write it fails too, and the first error is the one to tell.
        await file.close().catch(() => {});
        throw error;
      });
      await file.close();
      return outcome;
    } finally {
      for (const threads of readers.values()) await threads.close();
    }
  }

  private async readInto(
    file: ByteSink,
    memory: TableMemory,
    readers: ReadonlyMap<TableSet, KernelThreads>,
    chunks: TableChunks,
  ): Promise<{ found?: ReadTable; flags?: Uint8Array }> {
    const stream = new ParquetStream(file, this.columns());
    const underWay: { filled: FilledSet; reading: Promise<void> }[] = [];
    const takeFirst = async () => {
      const { filled, reading } = underWay.shift()!;
      await reading;
      return this.takeSet(memory, filled, readers.get(filled.set)!, chunks, stream);
    };
    for await (const filled of chunks) {
      if (filled === undefined) return {};
      const reading = readers.get(filled.set)!.call('readChunk');
      // Until it is awaited, which may be after it has failed.
      reading.catch(() => {});
      underWay.push({ filled, reading });
      if (underWay.length === memory.sets.length && !(await takeFirst())) return {};
    }
    while (underWay.length > 0) if (!(await takeFirst())) return {};
    if (this.isWrong) return { flags: this.flags };
    await stream.end();
    return { found: this.result(memory) };
  }

  /** @returns false where DuckDB has to read it. */
  private async takeSet(
    memory: TableMemory,
    { threads: filled }: FilledSet,
    threads: KernelThreads,
    chunks: TableChunks,
    stream: ParquetStream,
  ): Promise<boolean> {
    for (const thread of filled) {
      if (thread.records['error'] !== 0) return false;
      if (!this.isAsGuessed(thread)) this.isWrong = true;
      if (!this.isWrong && !(await this.take(memory, thread, chunks.filesOf(thread), stream))) return false;
    }
    if (this.isWrong || this.ids.length === 0) return true;
    await threads.call('numberIds');
    for (const thread of filled) {
      if (thread.records['error'] !== 0) return false;
      this.takeIds(memory, thread);
    }
    return true;
  }

  /** @returns undefined where this process gets no such memory. */
  private layOut(chunkBytes: number, threads: number, sets: number): TableMemory | undefined {
    try {
      return layOutTable({
        columnCount: this.layout.columns.length,
        delimiter: this.layout.csv?.delimiter,
        keys: this.layout.keys,
        kinds: this.kinds,
        ids: this.ids.map(({ column }) => column),
        numbers: [...(this.hasOrders ? [this.order!] : []), ...(this.hasTimes ? this.time : [])],
        chunkBytes,
        threads,
        sets,
      });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private columns() {
    return this.layout.columns.map((name, i) => ({
      name,
      type: this.kinds[i] === 'unknown' ? ('text' as const) : this.kinds[i],
    }));
  }

  /** Whether all values so far are of the kinds that their columns were given. */
  private isAsGuessed({ columns }: TableThread): boolean {
    for (const [i, { flags }] of columns.entries()) this.flags[i] |= flags;
    return this.kinds.every((kind, i) => kind === 'text' || kindOf(this.flags[i]) === kind);
  }

  /** @returns false where an id has no number. */
  private async take(
    memory: TableMemory,
    thread: TableThread,
    filesOfParts: readonly number[],
    stream: ParquetStream,
  ): Promise<boolean> {
    const { rows, at } = thread.records;
    if (rows === 0) return true;
    if (this.expectedRows === 0) {
      const bytes = this.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      this.expectedRows = Math.ceil(SURPLUS * rows * Math.max(1, bytes / (at - thread.inputAt)));
    }
    await stream.writeRowGroup(
      rows,
      thread.columns.map((column) => pagesOf(memory, column, rows)),
    );
    let before = 0;
    for (const [part, file] of filesOfParts.entries()) {
      const end = thread.parts[2 * part + 1];
      this.rows[file] += end - before;
      before = end;
    }
    this.takeOrders(memory, thread);
    this.takeTimes(memory, thread);
    return this.ids.every(({ column }) => thread.columns[column]['plainFrom'] === NEVER);
  }

  private takeOrders(memory: TableMemory, thread: TableThread): void {
    if (!this.hasOrders) return;
    const orders = numbersOf(memory, thread, this.order!, memory.answers[0], false);
    this.hasOrders = orders !== undefined;
    if (orders === undefined) return;
    this.orders ??= new GrowingArray(Float64Array, this.expectedRows);
    this.orders.append(orders);
  }

  private takeTimes(memory: TableMemory, thread: TableThread): void {
    if (!this.hasTimes) return;
    const areMoments = this.kinds[this.time[0]] === 'text';
    const parts = this.time.map((column, i) => numbersOf(memory, thread, column, memory.answers[i], areMoments));
    this.hasTimes = parts.every((part) => part !== undefined);
    if (!this.hasTimes) return;
    this.timesMs ??= new GrowingArray(Float64Array, this.expectedRows);
    const start = this.timesMs.extend(thread.records['rows']);
    const target = this.timesMs.values.subarray(start);
    if (areMoments) target.set(parts[0]!);
    else this.hasTimes = timesOfNumbers(parts as Float64Array[], target);
  }

  private takeIds(memory: TableMemory, { columns, records }: TableThread): void {
    for (const id of this.ids) {
      id.numbers ??= new GrowingArray(Int32Array, this.expectedRows);
      id.numbers.append(memory.words(columns[id.column]['codes'], records['rows']));
    }
  }

  private result(memory: TableMemory): ReadTable {
    return {
      rows: this.rows,
      types: this.kinds.map((kind) => (kind === 'integer' ? 'BIGINT' : kind === 'decimal' ? 'DOUBLE' : 'VARCHAR')),
      numbered: new Map(
        this.ids.map(({ column, numbers }, i) => [
          this.layout.columns[column],
          { texts: textsOf(memory, memory.idSets[i]), numbers: numbers?.all() ?? new Int32Array(0) },
        ]),
      ),
      orders: this.hasOrders ? (this.orders?.all() ?? new Float64Array(0)) : undefined,
      timesMs: this.hasTimes ? (this.timesMs?.all() ?? new Float64Array(0)) : undefined,
    };
  }
}

function kindOf(flags: number): Kind {
  if ((flags & IS_VALUE) === 0) return 'unknown';
  if ((flags & NOT_INTEGER) === 0) return 'integer';
  return (flags & NOT_DECIMAL) === 0 ? 'decimal' : 'text';
}

import { type ByteSink, type ParquetPage, ParquetStream } from '../artifacts/parquet-stream.ts';
import type { StartThreads } from '../numeric/kernel.ts';
import type { CsvLayout } from './csv-header.ts';
import { GrowingArray } from './growing-array.ts';
import { IdTable } from './id-table.ts';
import { NumberColumns, type NumberType } from './number-columns.ts';
import type { SourceFile } from './source-file.ts';
import { TableChunks } from './table-chunks.ts';
import { type Kind, layOutTable, type TableMemory, type TableThread } from './table-memory.ts';

/** What reading tables without DuckDB needs; `lambdas/shared/duckdb/table-tools.ts` has it. */
export interface TableTools {
  threads: number;
  startThreads: StartThreads;
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
  /** (rowCount) likewise, of those that are numbers; NaN where there is none. */
  numbers: Map<string, Float64Array>;
}

export interface TableWishes {
  /** Columns that stay text. */
  texts: readonly string[];
  /** Columns to number. */
  ids: readonly string[];
  /** Columns whose numbers are needed. */
  numbers: readonly string[];
}

const NEVER = 0xffff_ffff;
const NO_CODE = 0xffff_ffff;
const NOT_INTEGER = 1;
const NOT_DECIMAL = 2;
const IS_VALUE = 4;

/** Chunks make row groups, so they depend on the files alone: the same files give the same bytes on any machine. */
const CHUNKS = 8;
const LEAST_CHUNK_BYTES = 2 ** 20;
const MOST_CHUNK_BYTES = 8 * 2 ** 20;

/**
 * Reads CSV files of one layout into a Parquet file in one pass, where every record is as it should be.
 *
 * @param path of the Parquet file.
 * @returns undefined where a record has another number of cells, a quote stands astray, or text is not UTF-8: then a slower
 * reader says what is wrong with which line.
 */
export async function readTable(
  files: readonly SourceFile[],
  layout: CsvLayout,
  wishes: TableWishes,
  path: string,
  tools: TableTools,
): Promise<ReadTable | undefined> {
  if (layout.columns.length < 2 || layout.delimiter.length > 1 || layout.delimiter.charCodeAt(0) > 0x7f)
    return undefined;
  const guess = new TableReading(files, layout, wishes, guessOf(files[0], layout));
  const { found, flags } = await guess.read(path, tools);
  if (found !== undefined || flags === undefined) return found;
  return (await new TableReading(files, layout, wishes, flags).read(path, tools)).found;
}

/** What the columns of the first bytes are, as flags of the kernel. */
function guessOf(file: SourceFile, { columns, delimiter, skipLines, hasHeader }: CsvLayout): number[] {
  const sample = new NumberColumns(columns.length, delimiter, skipLines + (hasHeader ? 1 : 0));
  sample.add(file.start);
  if (file.isWhole) sample.endFile();
  return sample.flagsOfColumns();
}

/** One attempt at reading with columns of certain kinds. */
class TableReading {
  private readonly files: readonly SourceFile[];
  private readonly layout: CsvLayout;
  private readonly kinds: Kind[];
  private readonly rows: number[];
  private readonly ids: { column: number; table: IdTable; numbers: GrowingArray<Int32Array> }[];
  private readonly numbers: { column: number; values: GrowingArray<Float64Array> | undefined }[];
  /** What the values are, as far as they were read. */
  private readonly flags: Uint8Array;

  constructor(files: readonly SourceFile[], layout: CsvLayout, wishes: TableWishes, flags: ArrayLike<number>) {
    this.files = files;
    this.layout = layout;
    this.kinds = layout.columns.map((name, i) => (wishes.texts.includes(name) ? 'text' : kindOf(flags[i])));
    this.flags = Uint8Array.from(flags);
    this.rows = files.map(() => 0);
    const columnOf = (name: string) => layout.columns.indexOf(name);
    this.ids = wishes.ids.map((name) => ({
      column: columnOf(name),
      table: new IdTable(),
      numbers: new GrowingArray(Int32Array, 0),
    }));
    this.numbers = wishes.numbers.map((name) => ({
      column: columnOf(name),
      values: new GrowingArray(Float64Array, 0),
    }));
  }

  /** @returns the flags of all values where the kinds were wrong. */
  async read(path: string, tools: TableTools): Promise<{ found?: ReadTable; flags?: Uint8Array }> {
    const bytes = this.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const chunkBytes = Math.min(MOST_CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, Math.ceil(bytes / CHUNKS)));
    const memory = layOutTable({
      columnCount: this.layout.columns.length,
      delimiter: this.layout.delimiter,
      kinds: this.kinds,
      ids: [...this.ids, ...this.numbers].map(({ column }) => column),
      chunkBytes,
      threads: bytes > LEAST_CHUNK_BYTES ? tools.threads : 1,
    });
    const threads = await tools.startThreads(memory.job);
    const file = await tools.createFile(path);
    try {
      const stream = new ParquetStream(file, this.columns());
      const chunks = new TableChunks(this.files, this.layout, memory, chunkBytes);
      let isWrong = false;
      for await (const filled of chunks) {
        if (filled === undefined) return {};
        await threads.call('readChunk');
        for (const thread of filled) {
          if (thread.records['error'] !== 0) return {};
          if (!this.isAsGuessed(thread)) isWrong = true;
          if (!isWrong && !(await this.take(memory, thread, chunks.filesOf(thread), stream))) return {};
        }
      }
      if (isWrong) return { flags: this.flags };
      await stream.end();
    } finally {
      await file.close();
      await threads.close();
    }
    return { found: this.result() };
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
    const { rows } = thread.records;
    if (rows === 0) return true;
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
    for (const { column, table, numbers } of this.ids) {
      if (thread.columns[column]['plainFrom'] !== NEVER) return false;
      numberRows(memory, thread, column, table, numbers);
    }
    for (const wish of this.numbers) {
      const kind = this.kinds[wish.column];
      const isThere = thread.columns[wish.column]['plainFrom'] === NEVER && (kind === 'integer' || kind === 'decimal');
      if (!isThere) wish.values = undefined;
      if (wish.values === undefined) continue;
      thread.kernel.numbersOf(wish.column, memory.answer, memory.answerOfEntries);
      wish.values.append(memory.doubles(memory.answer, rows));
    }
    return true;
  }

  private result(): ReadTable {
    const nameOf = (column: number) => this.layout.columns[column];
    return {
      rows: this.rows,
      types: this.kinds.map((kind) => (kind === 'integer' ? 'BIGINT' : kind === 'decimal' ? 'DOUBLE' : 'VARCHAR')),
      numbered: new Map(
        this.ids.map(({ column, table, numbers }) => [nameOf(column), { texts: table.ids, numbers: numbers.all() }]),
      ),
      numbers: new Map(
        this.numbers.flatMap(({ column, values }) => (values === undefined ? [] : [[nameOf(column), values.all()]])),
      ),
    };
  }
}

function kindOf(flags: number): Kind {
  if ((flags & IS_VALUE) === 0) return 'unknown';
  if ((flags & NOT_INTEGER) === 0) return 'integer';
  return (flags & NOT_DECIMAL) === 0 ? 'decimal' : 'text';
}

function pagesOf(memory: TableMemory, column: Record<string, number>, rows: number): ParquetPage[] {
  const codedRows = column['codedBytes'] > 0 ? Math.min(rows, column['plainFrom']) : 0;
  const pages = [
    { kind: 'dictionary', valueCount: column['entryCount'] },
    { kind: 'coded', valueCount: codedRows },
    { kind: 'plain', valueCount: rows - codedRows },
  ] as const;
  return pages
    .filter(({ kind }) => column[`${kind}Bytes`] > 0)
    .map(({ kind, valueCount }) => ({
      kind,
      valueCount,
      bytes: memory.bytes(column[`${kind}Page`], column[`${kind}Bytes`]),
      rawBytes: column[`${kind}RawBytes`],
    }));
}

function numberRows(
  memory: TableMemory,
  { columns, kernel, records }: TableThread,
  index: number,
  table: IdTable,
  numbers: GrowingArray<Int32Array>,
): void {
  const { entries, entryCount, codes, nullCount } = columns[index];
  const hashesAt = memory.answer + entryCount * 16;
  kernel.describeEntries(index, memory.answer, hashesAt);
  const ofEntries = new Int32Array(entryCount);
  const places = memory.words(entries, entryCount * 4);
  const at = (entry: number) => memory.text(places[entry * 4 + 2], places[entry * 4 + 3]);
  table.add(
    { words: memory.words(memory.answer, entryCount * 4), at },
    memory.words(hashesAt, entryCount * 2),
    entryCount,
    ofEntries,
    0,
  );
  const ofNothing = new Int32Array(1);
  if (nullCount > 0) table.add({ words: new Uint32Array(4), at: () => '' }, new Uint32Array(2), 1, ofNothing, 0);
  const rows = records['rows'];
  const start = numbers.extend(rows);
  const target = numbers.values;
  const source = memory.words(codes, rows);
  for (let row = 0; row < rows; row++) {
    const code = source[row];
    target[start + row] = code === NO_CODE ? ofNothing[0] : ofEntries[code];
  }
}

import { compileKernel, instantiate, type KernelJob } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import { KERNEL } from './table-wasm.ts';

const WORD_BYTES = 4;
const DOUBLE_BYTES = 8;
const ENTRY_BYTES = 16;
/** Year, month and day. */
export const MOST_PARTS_OF_TIME = 3;
const SNAPPY_TABLE_BYTES = 2 << 14;
/** The kernel reads whole registers, and so beyond the end. */
const PADDING_BYTES = 64;
/** Parts of a chunk that are of different files. */
export const MOST_PARTS = 4096;

/** Of the dictionaries of all columns of a thread, which stay in the processor's cache when they are few. */
const DICTIONARY_BYTES = 64 * 2 ** 20;
const MOST_ENTRIES = 1 << 14;
const FEWEST_ENTRIES = 1 << 8;
/** A row with an id that is new has at least so many bytes, where so many rows have one. */
const LEAST_LINE_BYTES = 16;
const BYTES_PER_ID = 8;
/** Cells of a block: they stay in the cache until each column has seen them. */
const BLOCK_CELLS = 1 << 15;

/** As the kernel numbers them. */
const KINDS = { text: 0, integer: 1, decimal: 2, unknown: 3 } as const;
export type Kind = keyof typeof KINDS;

/** Of the kernel's classes of the same names, in their order. */
const RECORDS =
  'at end delimiter columnCount blockRows starts ends error rows parts partCount part keys seen maxRows'.split(' ');
const WORKSHOP = 'page pageEnd output outputEnd levels packed snappyTable scratch scratchEnd outputAt scratchAt'.split(
  ' ',
);
const COLUMN = [
  'slots slotMask entries capacity kind flags codes entryCount nullCount plainFrom segments segmentCount codedCount plainCount',
  'dictionaryPage dictionaryBytes dictionaryRawBytes codedPage codedBytes codedRawBytes plainPage plainBytes plainRawBytes isEmptyNone',
]
  .join(' ')
  .split(' ');
const ID_SET = 'column slots slotMask entries capacity count arena arenaEnd'.split(' ');
const ID_SET_BYTES = ID_SET.length * WORD_BYTES;
const COLUMN_BYTES = COLUMN.length * WORD_BYTES;

export interface TableShape {
  columnCount: number;
  /** Of CSV: one ASCII character. */
  delimiter: string | undefined;
  /** Of JSON Lines: the key of each column, as it stands between quotes. */
  keys: readonly string[] | undefined;
  kinds: readonly Kind[];
  /** Columns whose ids are numbered. */
  ids: readonly number[];
  /** Columns with a number for each row. */
  numbers: readonly number[];
  chunkBytes: number;
  threads: number;
  /** Sets of chunks: while one is read, another can be filled and emptied. */
  sets: number;
}

/** What a thread of the kernel works on. */
export interface TableThread {
  input: Uint8Array;
  /** Pointer of `input`. */
  inputAt: number;
  records: Record<string, number>;
  columns: Record<string, number>[];
  /** (MOST_PARTS, 2) where each part of the input ends, as a pointer; and the rows up to there. */
  parts: Uint32Array;
  /** On the calling thread. */
  kernel: TableKernel;
}

/** What the kernel does on the calling thread. */
interface TableKernel {
  findRecordEnd(start: number, end: number): number;
  /** @returns 0 where a value is none. */
  numbersOf(column: number, values: number, ofEntries: number, areMoments: number): number;
}

/** As many chunks as there are threads, which read them at once. */
export interface TableSet {
  job: KernelJob;
  threads: TableThread[];
}

export interface TableMemory {
  sets: TableSet[];
  /** Of each column of ids: what is numbered so far. */
  idSets: Record<string, number>[];
  bytes(pointer: number, length: number): Uint8Array;
  words(pointer: number, length: number): Uint32Array;
  doubles(pointer: number, length: number): Float64Array;
  /** (MOST_PARTS_OF_TIME, maxRows) room for numbers of rows. */
  answers: number[];
  answerOfEntries: number;
}

export function layOutTable({
  columnCount,
  delimiter,
  keys,
  kinds,
  ids,
  numbers,
  chunkBytes,
  threads,
  sets,
}: TableShape): TableMemory {
  const layout = new KernelLayout();
  const words = (count: number) => layout.reserve(count * WORD_BYTES);
  // A row of CSV has a byte a cell, for what ends it. Where lines of JSON are shorter, DuckDB reads them.
  const maxRows = Math.ceil(chunkBytes / (keys === undefined ? columnCount : Math.max(LEAST_LINE_BYTES, columnCount)));
  const blockRows = Math.min(2048, Math.max(16, Math.floor(BLOCK_CELLS / columnCount)));
  const blocks = Math.ceil(maxRows / blockRows) + 1;
  const share = DICTIONARY_BYTES / columnCount / (ENTRY_BYTES + 2 * WORD_BYTES);
  const capacity = powerOfTwo(Math.max(FEWEST_ENTRIES, Math.min(MOST_ENTRIES, share, 2 * maxRows)));
  const idCapacity = Math.max(capacity, powerOfTwo(Math.min(maxRows, chunkBytes / BYTES_PER_ID)) * 2);
  const own = Array.from({ length: sets * threads }, () => ({
    input: layout.reserve(chunkBytes + PADDING_BYTES),
    records: words(RECORDS.length),
    workshop: words(WORKSHOP.length),
    columns: layout.reserve(columnCount * COLUMN_BYTES),
    parts: words(2 * MOST_PARTS),
    starts: words(columnCount * blockRows),
    ends: words(columnCount * blockRows),
    seen: words(columnCount),
    levels: words(maxRows),
    packed: words(maxRows),
    snappyTable: layout.reserve(SNAPPY_TABLE_BYTES),
    page: layout.reserve(3 * chunkBytes + 65_536),
    output: layout.reserve(3 * chunkBytes + 65_536),
    scratch: layout.reserve(3 * chunkBytes + 65_536),
    ofColumns: Array.from({ length: columnCount }, (_, column) => {
      const entries = ids.includes(column) || numbers.includes(column) ? idCapacity : capacity;
      return {
        capacity: entries,
        slots: words(2 * entries),
        entries: layout.reserve(entries * ENTRY_BYTES),
        codes: words(maxRows),
        segments: words(2 * (blocks + 1)),
      };
    }),
  }));
  const answers = Array.from({ length: MOST_PARTS_OF_TIME }, () => layout.reserve(maxRows * DOUBLE_BYTES));
  const answerOfEntries = layout.reserve(idCapacity * DOUBLE_BYTES);
  const allRecords = Array.from({ length: sets }, () => words(threads));
  const allColumns = Array.from({ length: sets }, () => words(threads));
  const keyBytes = (keys ?? []).map((key) => Buffer.from(key));
  const keyPlaces = words(2 * columnCount);
  const keyPointers = keyBytes.map(({ length }) => layout.reserve(length + PADDING_BYTES));
  const idSets = layout.reserve(ids.length * ID_SET_BYTES);
  const memory = layout.allocate('Reading a table', 'grows');
  const { buffer } = memory;
  for (const [i, bytes] of keyBytes.entries()) {
    new Uint8Array(buffer, keyPointers[i], bytes.length).set(bytes);
    new Uint32Array(buffer, keyPlaces, 2 * columnCount).set([keyPointers[i], bytes.length], 2 * i);
  }
  const ofSet = <T>(all: readonly T[], set: number) => all.slice(set * threads, (set + 1) * threads);
  for (let set = 0; set < sets; set++) {
    const chunks = ofSet(own, set);
    new Uint32Array(buffer, allRecords[set], threads).set(chunks.map(({ records }) => records));
    new Uint32Array(buffer, allColumns[set], threads).set(chunks.map(({ columns }) => columns));
  }
  const module = compileKernel(KERNEL);
  const globals = own.map(({ records, columns, workshop }, chunk) => ({
    records,
    columns,
    columnBytes: COLUMN_BYTES,
    workshop,
    thread: chunk % threads,
    threadCount: threads,
    allRecords: allRecords[Math.floor(chunk / threads)],
    allColumns: allColumns[Math.floor(chunk / threads)],
    idSets,
    idSetCount: ids.length,
    idSetBytes: ID_SET_BYTES,
  }));
  const chunks = own.map((pointers, index): TableThread => {
    const records = struct(buffer, pointers.records, RECORDS);
    Object.assign(records, {
      delimiter: delimiter?.charCodeAt(0) ?? 0,
      keys: keys === undefined ? 0 : keyPlaces,
      seen: pointers.seen,
      maxRows,
      columnCount,
      blockRows,
      starts: pointers.starts,
      ends: pointers.ends,
      parts: pointers.parts,
    });
    Object.assign(struct(buffer, pointers.workshop, WORKSHOP), {
      page: pointers.page,
      pageEnd: pointers.page + 3 * chunkBytes + 65_536,
      output: pointers.output,
      outputEnd: pointers.output + 3 * chunkBytes + 65_536,
      levels: pointers.levels,
      packed: pointers.packed,
      snappyTable: pointers.snappyTable,
      scratch: pointers.scratch,
      scratchEnd: pointers.scratch + 3 * chunkBytes + 65_536,
    });
    return {
      input: new Uint8Array(buffer, pointers.input, chunkBytes + PADDING_BYTES),
      inputAt: pointers.input,
      records,
      columns: pointers.ofColumns.map((fields, column) =>
        Object.assign(struct(buffer, pointers.columns + column * COLUMN_BYTES, COLUMN), {
          ...fields,
          kind: KINDS[kinds[column]],
          isEmptyNone: keys === undefined ? 1 : 0,
        }),
      ),
      parts: new Uint32Array(buffer, pointers.parts, 2 * MOST_PARTS),
      kernel: instantiate(module, memory, globals[index]) as unknown as TableKernel,
    };
  });
  return {
    sets: Array.from({ length: sets }, (_, set) => ({
      job: { module, memory, globals: ofSet(globals, set) },
      threads: ofSet(chunks, set),
    })),
    idSets: ids.map((column, i) => Object.assign(struct(buffer, idSets + i * ID_SET_BYTES, ID_SET), { column })),
    // What the kernel took behind the end stands in another buffer.
    bytes: (pointer, length) => new Uint8Array(memory.buffer, pointer, length),
    words: (pointer, length) => new Uint32Array(memory.buffer, pointer, length),
    doubles: (pointer, length) => new Float64Array(memory.buffer, pointer, length),
    answers,
    answerOfEntries,
  };
}

/** The least one that is not smaller. */
function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

/** An object whose fields are words of the kernel's memory. */
function struct(buffer: ArrayBufferLike, pointer: number, names: readonly string[]): Record<string, number> {
  const fields = new Uint32Array(buffer, pointer, names.length);
  const accessors = names.map((name, i) => [
    name,
    {
      get: () => fields[i],
      set: (value: number) => {
        fields[i] = value;
      },
    },
  ]);
  return Object.defineProperties({}, Object.fromEntries(accessors)) as Record<string, number>;
}

import type { CsvLayout } from './csv-header.ts';
import type { SourceFile } from './source-file.ts';
import { MOST_PARTS, type TableMemory, type TableSet, type TableThread } from './table-memory.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;

/** How the records of some files are made. */
export interface TableLayout {
  /** Unique names. */
  columns: readonly string[];
  /** Of CSV. */
  csv?: CsvLayout;
  /** Of JSON Lines: the key of each column. */
  keys?: readonly string[];
}

/** Chunks to read at once. */
export interface FilledSet {
  set: TableSet;
  /** Those that have something to read, in the order of the files. */
  threads: TableThread[];
}

/**
 * Fills the inputs of one set of threads after the other with whole records, again and again, until the files are at their end. A
 * set must have been read when the next but one is asked for, or of a single set the next.
 */
export class TableChunks {
  private readonly files: readonly SourceFile[];
  private readonly layout: TableLayout;
  private readonly memory: TableMemory;
  private readonly chunkBytes: number;
  private set = 0;
  private filled: TableThread[] = [];
  private length = 0;
  /** Parts of the chunk under way: the file of each, and where it ends. */
  private parts: { file: number; end: number }[] = [];
  private readonly partFiles = new Map<TableThread, number[]>();

  constructor(files: readonly SourceFile[], layout: TableLayout, memory: TableMemory, chunkBytes: number) {
    this.files = files;
    this.layout = layout;
    this.memory = memory;
    this.chunkBytes = chunkBytes;
  }

  /** The file of each part of a thread's input. */
  filesOf(thread: TableThread): readonly number[] {
    return this.partFiles.get(thread)!;
  }

  /** Undefined where a record cannot be found whole. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FilledSet | undefined> {
    for (const [f, file] of this.files.entries()) {
      const start = this.layout.csv === undefined ? afterMark(file) : dataStart(file, this.layout.csv);
      if (start === undefined) {
        yield undefined;
        return;
      }
      yield* file.isWhole ? this.addBytes(f, file.start.subarray(start)) : this.addFile(f, file, start);
      const partStart = this.parts.at(-1)?.end ?? 0;
      if (this.length > partStart && this.input()[this.length - 1] !== LF) this.input()[this.length++] = LF;
      this.parts.push({ file: f, end: this.length });
      if (this.parts.length === MOST_PARTS - 1 || this.length >= this.room()) {
        this.closeChunk(this.length);
        if (this.filled.length === this.threads().length) yield* this.handOut();
      }
    }
    if (this.parts.length > 0) this.closeChunk(this.length);
    if (this.filled.length > 0) yield* this.handOut();
  }

  private *addBytes(f: number, bytes: Uint8Array): Generator<FilledSet | undefined> {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + this.room() - this.length);
      this.input().set(piece, this.length);
      at += piece.length;
      this.length += piece.length;
      if (this.length === this.room()) yield* this.endChunk(f);
    }
  }

  private async *addFile(f: number, file: SourceFile, start: number): AsyncGenerator<FilledSet | undefined> {
    const opened = await file.open();
    try {
      let toSkip = start;
      for (;;) {
        const read = await opened.read(this.input().subarray(this.length, this.room()));
        if (read === 0) return;
        // The header is in the first bytes, which are no more than a chunk.
        if (toSkip > 0) this.input().copyWithin(this.length, this.length + toSkip, this.length + read);
        this.length += read - toSkip;
        toSkip = 0;
        if (this.length === this.room()) yield* this.endChunk(f);
      }
    } finally {
      await opened.close();
    }
  }

  private threads(): readonly TableThread[] {
    return this.memory.sets[this.set].threads;
  }

  /** A last line end has a place behind it. */
  private room(): number {
    return this.chunkBytes - 1;
  }

  private input(): Uint8Array {
    return this.threads()[this.filled.length].input;
  }

  private *handOut(): Generator<FilledSet> {
    // What is left of a record stands in the input of a thread that is to read another chunk.
    const set = this.memory.sets[this.set];
    for (const { records, inputAt } of set.threads.slice(this.filled.length)) {
      records['at'] = inputAt;
      records['end'] = inputAt;
    }
    const rest = this.rest;
    const { filled } = this;
    this.filled = [];
    this.set = (this.set + 1) % this.memory.sets.length;
    yield { set, threads: filled };
    this.input().set(rest);
    this.rest = rest.subarray(0, 0);
  }

  /** The beginning of a record whose end is not there yet. */
  private rest: Uint8Array = new Uint8Array(0);

  /** Ends a chunk that is full inside of a file. */
  private *endChunk(file: number): Generator<FilledSet | undefined> {
    const input = this.input();
    const start = this.parts.at(-1)?.end ?? 0;
    const { inputAt, kernel } = this.threads()[this.filled.length];
    const end = kernel.findRecordEnd(inputAt + start, inputAt + this.length) - inputAt;
    if (end === 0) {
      yield undefined;
      return;
    }
    if (end > start) this.parts.push({ file, end });
    const rest = input.slice(end, this.length);
    this.closeChunk(end);
    if (this.filled.length < this.threads().length) this.input().set(rest);
    else this.rest = rest;
    this.length = rest.length;
    if (this.filled.length === this.threads().length) yield* this.handOut();
  }

  private closeChunk(end: number): void {
    const thread = this.threads()[this.filled.length];
    thread.input.fill(SPACE, end, end + 64);
    thread.records['at'] = thread.inputAt;
    thread.records['end'] = thread.inputAt + end;
    thread.records['partCount'] = this.parts.length;
    for (const [i, part] of this.parts.entries()) {
      thread.parts[2 * i] = thread.inputAt + part.end;
      thread.parts[2 * i + 1] = 0;
    }
    this.partFiles.set(
      thread,
      this.parts.map(({ file }) => file),
    );
    this.parts = [];
    this.length = 0;
    this.filled.push(thread);
  }
}

/** Behind a byte order mark. */
function afterMark({ start }: SourceFile): number {
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
}

/** Where the records begin, behind the header; undefined where that is not plain. */
function dataStart(file: SourceFile, { skipLines, hasHeader }: CsvLayout): number | undefined {
  const { start, isWhole } = file;
  let at = afterMark(file);
  for (let line = 0; line < skipLines; line++) {
    at = start.indexOf(LF, at) + 1;
    if (at === 0) return undefined;
  }
  if (!hasHeader) return at;
  let isQuoted = false;
  for (; at < start.length; at++) {
    const byte = start[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (byte === CR && start[at + 1] !== LF) return undefined;
    if (byte === LF && !isQuoted) return at + 1;
  }
  return isWhole && !isQuoted ? at : undefined;
}

import type { SourceFormat } from './source-format.ts';

/** A plain UTF-8 file on local disk. */
export interface SourceFile {
  path: string;
  /** What the shop calls it, for messages. */
  name: string;
  format: SourceFormat;
  /** The first bytes of it. */
  start: Uint8Array;
  sizeBytes: number;
  /** Whether `start` is all of it. */
  isWhole: boolean;
  /** A copy whose lines all end with LF; undefined when they all end alike already. */
  unifyLineEnds(): Promise<string | undefined>;
  /** All of its bytes, piece by piece. */
  read(): AsyncIterable<Uint8Array>;
  /** To read into memory that is there. */
  open(): Promise<OpenFile>;
}

export interface OpenFile {
  /** The next bytes, as many as have room. @returns how many; 0 at the end. */
  read(into: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** Rows that cannot be used, each once; `column` is null when the row as a whole is wrong. */
export const REJECTED_ROWS_DDL =
  'CREATE TABLE rejected_rows (file VARCHAR, line BIGINT, "column" VARCHAR, reason VARCHAR, content VARCHAR)';

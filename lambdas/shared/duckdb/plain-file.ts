import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { OpenFile } from '../../../engine/clicks/source-file.ts';
import { InputError, messageOf } from '../../../engine/errors.ts';
import { sha256OfFile } from '../hash-file.ts';
import { explainFileError } from '../store/file-error.ts';

export interface PlainFile {
  path: string;
  /** The first bytes after decompression, at most 1 MiB. */
  start: Uint8Array;
  sizeBytes: number;
  /** Whether `start` is all of it. */
  isWhole: boolean;
  /** Hex SHA-256 of the file as it was given, compressed or not. One that was not read whole is read for it now. */
  sha256(): Promise<string>;
}

/** A header of 2,000 columns with names of 500 characters. */
const START_BYTES = 2 ** 20;
/** Of the disk's free space: what is read is written again as Parquet, beside what DuckDB spills. */
const SHARE_OF_DISK = 0.5;

/**
 * Makes a plain UTF-8 file of one that may be gzip or zstd and in another encoding; hashes on the way what it reads. A
 * file that is plain already is not copied. Constant memory.
 *
 * Compression goes by the first bytes, not by the name: shops upload `clicks.csv` that is gzip and `clicks.gz` that is not.
 *
 * @param encodingOf the encoding of a plain file, from its first bytes, as `TextDecoder` names it.
 * @throws InputError when the compressed stream is cut off or damaged. @throws ConfigurationError when the disk does not
 * take what is written.
 */
export async function makePlainFile(
  path: string,
  name: string,
  encodingOf: (start: Uint8Array, plainPath: string) => string | Promise<string>,
): Promise<PlainFile> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  let plainPath = path;
  let first = await readStart(path);
  const decompressor = decompressorFor(first.start);
  const isHashed = decompressor !== undefined || isWhole(first);
  if (decompressor === undefined) {
    if (isHashed) hash.update(first.start);
  } else {
    plainPath = `${path}.plain`;
    const { label, hint } = decompressor;
    const decompressing = decompressor.create();
    const damaged = (what: string, cause?: unknown) =>
      new InputError(`${name} is ${label} but cannot be decompressed (${what}): ${hint}.`, { cause });
    try {
      // Before the file is opened: until the pipeline listens, an error of a stream ends the process.
      const limiting = await limiter(path, name);
      await pipeline(createReadStream(path), hashing, decompressing, limiting, createWriteStream(plainPath));
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      // A full disk, or too many files open, is no fault of the file.
      if ((cause as NodeJS.ErrnoException).syscall !== undefined) {
        throw explainFileError(cause, `Cannot unpack ${name} into ${dirname(path)}`, 'TMPDIR');
      }
      throw damaged(messageOf(cause), cause);
    }
    // Node stops after the first zstd frame and says nothing.
    const rest = (await stat(path)).size - decompressing.bytesWritten;
    if (rest > 0) throw damaged(`${rest} bytes follow its end`);
    first = await readStart(plainPath);
  }
  const encoding = await encodingOf(first.start, plainPath);
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding);
    const transcode = new Transform({
      transform: (chunk: Uint8Array, _encoding, done: TransformCallback) =>
        done(undefined, decoder.decode(chunk, { stream: true })),
      flush: (done: TransformCallback) => done(undefined, decoder.decode()),
    });
    await rewrite(plainPath, transcode, `${path}.utf8`, `Cannot write ${name} as UTF-8 into ${dirname(path)}`);
    plainPath = `${path}.utf8`;
    first = await readStart(plainPath);
  }
  let sha256 = isHashed ? Promise.resolve(hash.digest('hex')) : undefined;
  return {
    path: plainPath,
    ...first,
    isWhole: isWhole(first),
    sha256: () => (sha256 ??= sha256OfFile(path)),
  };
}

/** @param failed what failed, as the start of a sentence. @throws ConfigurationError when the disk does not take it. */
async function rewrite(from: string, through: Transform, to: string, failed: string): Promise<void> {
  try {
    await pipeline(createReadStream(from), through, createWriteStream(to));
  } catch (cause) {
    throw explainFileError(cause, failed, 'TMPDIR');
  }
}

/** Ends a stream that unpacks to more than the disk holds: a few megabytes of gzip may be as many gigabytes. */
async function limiter(path: string, name: string): Promise<Transform> {
  const { bavail, bsize } = await statfs(dirname(path));
  const mostBytes = bavail * bsize * SHARE_OF_DISK;
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes <= mostBytes) return done(undefined, chunk);
      const gigabytes = (mostBytes / 1e9).toFixed(1);
      done(
        new InputError(
          `${name} unpacks to more than ${gigabytes} GB, half of the space that is free on the disk. Split it into several files, or free some space.`,
        ),
      );
    },
  });
}

/** All bytes of a file, piece by piece. */
export function readPieces(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: START_BYTES });
}

export async function openFile(path: string): Promise<OpenFile> {
  const file = await open(path);
  return {
    read: async (into) => (await file.read(into)).bytesRead,
    close: () => file.close(),
  };
}

/** Whether all bytes of a file are UTF-8. */
export async function isUtf8File(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of readPieces(path)) {
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    // What the decoder throws; a file that cannot be read says nothing of its encoding.
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

/**
 * Copies a text file with LF for each CRLF and CR. Constant memory.
 *
 * @returns undefined when all its lines end alike: there is nothing to unify. @throws ConfigurationError when the disk does not
 * take the copy.
 */
export async function unifyLineEnds(path: string): Promise<string | undefined> {
  const found = new Set<string>();
  let heldBack = '';
  const unify = (text: string) =>
    text.replaceAll(/\r\n|\r|\n/g, (end) => {
      found.add(end);
      return '\n';
    });
  const unifying = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      // Latin-1 keeps every byte. A CR at the end may be half of a CRLF.
      const text = heldBack + chunk.toString('latin1');
      heldBack = text.endsWith('\r') ? '\r' : '';
      done(undefined, Buffer.from(unify(heldBack === '' ? text : text.slice(0, -1)), 'latin1'));
    },
    flush: (done: TransformCallback) => done(undefined, unify(heldBack)),
  });
  const unified = `${path}.lf`;
  await rewrite(path, unifying, unified, `Cannot write the lines anew into ${dirname(path)}`);
  return found.size > 1 ? unified : undefined;
}

const CUT_OFF = 'the file was cut off or damaged on its way. Upload it again';
const ZSTD_HINT =
  'the file was cut off or damaged on its way, or has more than one frame. Upload it again, as one frame or as gzip';

function decompressorFor(start: Uint8Array) {
  const startsWith = (...magic: number[]) => magic.every((byte, i) => start[i] === byte);
  if (startsWith(0x1f, 0x8b)) return { label: 'gzip', hint: CUT_OFF, create: createGunzip };
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return { label: 'zstd', hint: ZSTD_HINT, create: createZstdDecompress };
  return undefined;
}

interface FileStart {
  start: Uint8Array;
  /** Of all of it. */
  sizeBytes: number;
}

async function readStart(path: string): Promise<FileStart> {
  const file = await open(path);
  try {
    const { size: sizeBytes } = await file.stat();
    // Of a thousand small files not a gigabyte is kept.
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(sizeBytes, START_BYTES)));
    return { start: buffer.subarray(0, bytesRead), sizeBytes };
  } finally {
    await file.close();
  }
}

function isWhole({ start, sizeBytes }: FileStart): boolean {
  return start.length === sizeBytes;
}

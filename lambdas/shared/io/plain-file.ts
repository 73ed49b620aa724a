import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { InputError, messageOf } from '../errors.ts';

export interface PlainFile {
  path: string;
  /** The first bytes after decompression, at most 64 KiB. */
  start: Uint8Array;
  /** Hex SHA-256 of the file as it was given, compressed or not. */
  sha256: string;
}

const START_BYTES = 65_536;

/**
 * Makes a plain UTF-8 file of one that may be gzip or zstd and in another encoding; hashes it on the way. A file that
 * is plain already is not copied. Constant memory.
 *
 * Compression goes by the first bytes, not by the name: shops upload `clicks.csv` that is gzip and `clicks.gz` that is not.
 *
 * @param encodingOf the encoding of a plain file, from its first bytes, as `TextDecoder` names it.
 * @throws InputError when the compressed stream is cut off or damaged.
 */
export async function makePlainFile(
  path: string,
  name: string,
  encodingOf: (start: Uint8Array) => string,
): Promise<PlainFile> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  let plainPath = path;
  const decompressor = decompressorFor(await readStart(path));
  if (decompressor === undefined) {
    await pipeline(createReadStream(path), hash);
  } else {
    plainPath = `${path}.plain`;
    try {
      await pipeline(createReadStream(path), hashing, decompressor.create(), createWriteStream(plainPath));
    } catch (cause) {
      throw new InputError(
        `${name} is ${decompressor.label} but cannot be decompressed (${messageOf(cause)}): the file was cut off or damaged on its way. Upload it again.`,
        { cause },
      );
    }
  }
  const encoding = encodingOf(await readStart(plainPath));
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding);
    const transcode = new Transform({
      transform: (chunk: Uint8Array, _encoding, done: TransformCallback) =>
        done(undefined, decoder.decode(chunk, { stream: true })),
      flush: (done: TransformCallback) => done(undefined, decoder.decode()),
    });
    await pipeline(createReadStream(plainPath), transcode, createWriteStream(`${path}.utf8`));
    plainPath = `${path}.utf8`;
  }
  return { path: plainPath, start: await readStart(plainPath), sha256: hash.digest('hex') };
}

function decompressorFor(start: Uint8Array) {
  const startsWith = (...magic: number[]) => magic.every((byte, i) => start[i] === byte);
  if (startsWith(0x1f, 0x8b)) return { label: 'gzip', create: createGunzip };
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return { label: 'zstd', create: createZstdDecompress };
  return undefined;
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ConflictError, InputError, messageOf, UnavailableError } from '../../engine/errors.ts';
import { codeOf } from '../../lambdas/shared/store/file-error.ts';

/** A file of this machine, read through once. */
export interface LocalFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Of its bytes, in hex. */
  sha256: string;
}

export interface UploadedFile {
  path: string;
  key: string;
  /** False where its bytes were there already under this key. */
  isNew: boolean;
  /** The key that it would have, which holds other bytes. */
  taken: string | undefined;
}

/** @param folderHint what to do with a folder. @throws InputError when one is missing, is no file, or cannot be read. */
export async function readFiles(paths: readonly string[], folderHint: (path: string) => string): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  for (const path of paths) {
    try {
      const found = await stat(path);
      if (found.isDirectory())
        throw new InputError(`${path} is a folder, and nothing was uploaded; ${folderHint(path)}`);
      // A pipe can be read once, and is read twice here.
      if (!found.isFile()) throw new InputError(`${path} is no file, and nothing was uploaded: write it to one first.`);
      files.push({ path, ...(await digest(createReadStream(path))) });
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      const fault =
        codeOf(cause) === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${messageOf(cause)}.`;
      throw new InputError(`${fault} Nothing was uploaded.`, { cause });
    }
  }
  return files;
}

/**
 * Uploads files below a prefix, each under its own name. No object is replaced: where the name is taken by other bytes, a
 * file's name has the start of its SHA-256 as well. What is there already is not uploaded again.
 *
 * @throws UnavailableError saying what was uploaded, when a later file could not be.
 */
export async function uploadFiles(
  client: S3Client,
  bucket: string,
  prefix: string,
  files: readonly LocalFile[],
): Promise<UploadedFile[]> {
  const uploaded: UploadedFile[] = [];
  for (const file of files) {
    try {
      uploaded.push(await uploadFile(client, bucket, prefix, file));
    } catch (cause) {
      if (uploaded.length === 0) throw cause;
      throw new UnavailableError(
        `${file.path} could not be uploaded: ${messageOf(cause).replace(/[.]?$/, '.')} Before it, ${uploaded.map(({ key }) => key).join(', ')} was. Run the command again: what is there is not uploaded twice.`,
        { cause },
      );
    }
  }
  return uploaded;
}

async function uploadFile(client: S3Client, bucket: string, prefix: string, file: LocalFile): Promise<UploadedFile> {
  const { path } = file;
  const keys = namesOf(file).map((name) => `${prefix}${name}`);
  // All of them first: it may be there under a longer name, and what took the shorter one be gone.
  const free: string[] = [];
  for (const key of keys) {
    const found = await compare(client, bucket, key, file);
    if (found === 'same') return { path, key, isNew: false, taken: undefined };
    if (found === 'absent') free.push(key);
  }
  for (const key of free) {
    if (await putIfAbsent(client, bucket, key, path)) {
      return { path, key, isNew: true, taken: key === keys[0] ? undefined : keys[0] };
    }
    // Whoever was faster may have uploaded the same.
    if ((await compare(client, bucket, key, file)) === 'same') return { path, key, isNew: false, taken: undefined };
  }
  throw new ConflictError(
    `${path} could not be uploaded: other files are kept under its names (${keys.join(', ')} of s3://${bucket}). Rename it.`,
  );
}

/** `clicks.csv.gz`, `clicks-1a2b3c4d.csv.gz`: the ending stays, which says how a file is read. */
function namesOf({ path, sha256 }: LocalFile): string[] {
  const name = basename(path);
  const packed = /\.(gz|zst)$/i.test(name) ? extname(name) : '';
  const inner = name.slice(0, name.length - packed.length);
  const ending = `${extname(inner)}${packed}`;
  const stem = name.slice(0, name.length - ending.length);
  return [name, `${stem}-${sha256.slice(0, 8)}${ending}`, `${stem}-${sha256}${ending}`];
}

async function compare(
  client: S3Client,
  Bucket: string,
  Key: string,
  { size, sha256 }: LocalFile,
): Promise<'absent' | 'same' | 'other'> {
  try {
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    if (ContentLength !== size) return 'other';
    // An ETag is no hash of the bytes where the upload had parts, or a key encrypts it.
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await digest(Body as AsyncIterable<Uint8Array>)).sha256 === sha256 ? 'same' : 'other';
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return 'absent';
    throw error;
  }
}

/** S3 answers so when there is an object of this key, or one is being written. */
const TAKEN = ['PreconditionFailed', 'ConditionalRequestConflict'];

/** @returns false when the key is taken: S3 looks at that when all is there, so that of two at the same moment one gives way. */
async function putIfAbsent(client: S3Client, Bucket: string, Key: string, path: string): Promise<boolean> {
  try {
    await new Upload({ client, params: { Bucket, Key, Body: createReadStream(path), IfNoneMatch: '*' } }).done();
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && TAKEN.includes(error.name)) return false;
    throw error;
  }
}

async function digest(bytes: AsyncIterable<Uint8Array>): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ConflictError, UnavailableError } from '../../../engine/errors.ts';
import {
  type ArrivingObject,
  type ArtifactStore,
  arrivingInPieces,
  checkKey,
  checkKeyPrefix,
  missingObject,
  type ObjectSummary,
  type StoredObject,
  type WriteCondition,
} from './artifact-store.ts';
import { explainFileError } from './file-error.ts';
import { newS3Client } from './s3-client.ts';
import { explainS3Error, type S3Operation } from './s3-error.ts';

const BODY_ATTEMPTS = 3;
/** AWS names 8 to 16 MB: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-guidelines.html */
const PART_BYTES = 8 * 2 ** 20;

/** For every store of the process. */
const sharedClient = newS3Client();

/** A bucket, or a prefix of one, as an artifact store. */
export class S3ArtifactStore implements ArtifactStore {
  readonly uri: string;
  readonly #bucket: string;
  /** '' or ending with '/'. */
  readonly #root: string;
  readonly #client: S3Client;

  /** @param prefix without slashes at its ends; '' for the whole bucket. */
  constructor(bucket: string, prefix: string, client: S3Client = sharedClient) {
    this.#bucket = bucket;
    this.#root = prefix === '' ? '' : `${prefix}/`;
    this.#client = client;
    this.uri = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    for (let attempt = 1; ; attempt++) {
      const object = await this.#startReading(key);
      if (object === undefined) return undefined;
      const { bytes, version, parts } = object;
      if (!(await Promise.all(parts)).includes(false)) return { bytes, version };
      if (attempt === BODY_ATTEMPTS) {
        throw new UnavailableError(
          `${key} in ${this.uri} was replaced ${attempt} times while it was being read: try again.`,
        );
      }
    }
  }

  async getArriving(key: string): Promise<ArrivingObject | undefined> {
    const object = await this.#startReading(key);
    const checked = object?.parts.map(async (part) => {
      if (await part) return;
      throw new UnavailableError(`${key} in ${this.uri} was replaced while it was being read: try again.`);
    });
    return object && arrivingInPieces(object.bytes, PART_BYTES, checked!);
  }

  /**
   * A large object comes in parts at once: one connection to S3 brings about 90 MB a second. The first one has come.
   *
   * @returns `parts`: whether each is of the first one's version, when it has come.
   */
  async #startReading(key: string) {
    const first = await this.#readPart(key, 0);
    if (first === undefined) return undefined;
    const { bytes, version, size } = first;
    if (bytes.length === size) return { bytes, version, parts: [Promise.resolve(true)] };
    const whole = Buffer.allocUnsafeSlow(size);
    whole.set(bytes);
    const parts = [Promise.resolve(true)];
    for (let start = bytes.length; start < size; start += PART_BYTES) {
      parts.push(
        this.#readPart(key, start, version).then((part) => {
          if (part !== undefined) whole.set(part.bytes, start);
          return part !== undefined;
        }),
      );
    }
    for (const part of parts) part.catch(() => {});
    return { bytes: whole, version, parts };
  }

  /**
   * @param version that the part must be of.
   * @returns `size` of the whole object; undefined when there is no object, or none of that version.
   */
  async #readPart(key: string, start: number, version?: string) {
    const range = {
      Range: `bytes=${start}-${start + PART_BYTES - 1}`,
      ...(version !== undefined && { IfMatch: version }),
    };
    return this.#readBody(
      key,
      async ({ Body, ETag, ContentRange, ContentLength }) => ({
        bytes: await Body!.transformToByteArray(),
        version: ETag!,
        size: Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1] ?? ContentLength),
      }),
      range,
    );
  }

  async download(key: string, localPath: string): Promise<void> {
    const partial = `${localPath}.partial-${randomUUID()}`;
    try {
      const found = await this.#readBody(key, async ({ Body }) => {
        await pipeline(Body as Readable, createWriteStream(partial, { flush: true }));
        return true;
      });
      if (found === undefined) throw missingObject(this, key);
      await rename(partial, localPath);
    } catch (error) {
      await rm(partial, { force: true });
      throw explainFileError(error, `Cannot download ${key} from ${this.uri} to ${localPath}`, 'TMPDIR');
    }
  }

  async put(key: string, body: Uint8Array | string, condition?: WriteCondition): Promise<string> {
    const address = this.#addressOf(key);
    // The SDK sends an empty string without a length.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    try {
      const { ETag } = await this.#client.send(
        new PutObjectCommand({ ...address, Body: bytes, ...preconditionOf(condition) }),
      );
      return ETag!;
    } catch (error) {
      if (condition === undefined || !isConflict(error)) throw await this.#explain(error, 'write', address.Key);
      const ownVersion = await this.#versionOfLostAnswer(key, bytes, error);
      if (ownVersion !== undefined) return ownVersion;
      throw this.#conflict(key, condition, error);
    }
  }

  async upload(key: string, localPath: string, condition?: WriteCondition): Promise<void> {
    const address = this.#addressOf(key);
    const params = { ...address, Body: createReadStream(localPath), ...preconditionOf(condition) };
    try {
      await new Upload({ client: this.#client, params }).done();
    } catch (error) {
      if (condition !== undefined && isConflict(error)) throw this.#conflict(key, condition, error);
      throw await this.#explain(error, 'write', address.Key);
    }
  }

  async list(prefix: string): Promise<ObjectSummary[]> {
    checkKeyPrefix(prefix);
    const fullPrefix = `${this.#root}${prefix}`;
    const summaries: ObjectSummary[] = [];
    try {
      for await (const page of paginateListObjectsV2(
        { client: this.#client },
        { Bucket: this.#bucket, Prefix: fullPrefix },
      )) {
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          // "Create folder" in the S3 console leaves an empty object that ends with a slash.
          if (Key!.endsWith('/')) continue;
          summaries.push({ key: Key!.slice(this.#root.length), size: Size!, modifiedAtMs: LastModified!.getTime() });
        }
      }
    } catch (error) {
      throw await this.#explain(error, 'list', fullPrefix);
    }
    return summaries;
  }

  async delete(key: string): Promise<void> {
    const address = this.#addressOf(key);
    try {
      await this.#client.send(new DeleteObjectCommand(address));
    } catch (error) {
      throw await this.#explain(error, 'delete', address.Key);
    }
  }

  /** The SDK repeats requests, not bodies: a connection that breaks in the middle of one is noticed here. */
  async #readBody<T>(
    key: string,
    consume: (output: GetObjectCommandOutput) => Promise<T>,
    range: { Range?: string; IfMatch?: string } = {},
  ): Promise<T | undefined> {
    const address = this.#addressOf(key);
    for (let attempt = 1; ; attempt++) {
      let output: GetObjectCommandOutput;
      try {
        output = await this.#client.send(new GetObjectCommand({ ...address, ...range }));
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
        if (range.IfMatch !== undefined && isConflict(error)) return undefined;
        // An empty object has no first byte.
        if (range.Range !== undefined && isUnsatisfiableRange(error)) return this.#readBody(key, consume);
        if (isRefusal(error) && (await this.#isMissing(address))) return undefined;
        throw await this.#explain(error, 'read', address.Key);
      }
      try {
        return await consume(output);
      } catch (error) {
        if (!isBrokenConnection(error)) throw error;
        if (attempt === BODY_ATTEMPTS) throw await this.#explain(error, 'read', address.Key);
      }
    }
  }

  /**
   * To a caller that may list some prefixes only, S3 answers 403 for an object that is not there: the listing of its
   * key tells.
   */
  async #isMissing({ Bucket, Key }: { Bucket: string; Key: string }): Promise<boolean> {
    try {
      const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }));
      return Contents[0]?.Key !== Key;
    } catch {
      return false;
    }
  }

  /**
   * A write that succeeded while its answer got lost is repeated by the SDK, and the repetition loses against the write
   * itself. The object then holds exactly these bytes.
   */
  async #versionOfLostAnswer(key: string, bytes: Uint8Array, error: S3ServiceException): Promise<string | undefined> {
    if ((error.$metadata.attempts ?? 1) === 1) return undefined;
    const stored = await this.get(key);
    return stored !== undefined && Buffer.compare(stored.bytes, bytes) === 0 ? stored.version : undefined;
  }

  #conflict(key: string, condition: WriteCondition, error: S3ServiceException): ConflictError {
    const expected =
      'ifAbsent' in condition ? 'there was to be nothing' : `version ${condition.ifVersion} was expected`;
    return new ConflictError(
      `Did not write ${key} in ${this.uri}: ${expected} but S3 answered ${error.name}, so another writer was faster. Read it again and decide anew.`,
      { cause: error },
    );
  }

  #addressOf(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.#bucket, Key: `${this.#root}${key}` };
  }

  async #explain(error: unknown, action: S3Operation['action'], key: string): Promise<unknown> {
    const region = await this.#client.config.region().catch(() => 'no region');
    return explainS3Error(error, { action, bucket: this.#bucket, key, region });
  }
}

function preconditionOf(condition: WriteCondition | undefined) {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifVersion };
}

/**
 * 412 when the condition does not hold, 409 when S3 saw another write under way, 404 when what was to be replaced is
 * gone: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-error-response
 */
function isConflict(error: unknown): error is S3ServiceException {
  return (
    error instanceof S3ServiceException &&
    ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(error.name)
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
}

function isUnsatisfiableRange(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416;
}

function isBrokenConnection(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

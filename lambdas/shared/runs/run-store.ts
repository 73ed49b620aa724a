import { createHash, hash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '@aws-lambda-powertools/logger';
import { RUNS_PREFIX } from '../../../engine/artifacts/artifact-keys.ts';
import type { WrittenObject } from '../../../engine/artifacts/stage-record.ts';
import { ConflictError } from '../../../engine/errors.ts';
import { sha256OfFile } from '../hash-file.ts';
import {
  type ArrivingObject,
  type ArtifactStore,
  arrivedAtOnce,
  type LentObject,
  type ObjectSummary,
  type StoredObject,
  type WriteCondition,
} from '../store/artifact-store.ts';
import { RecordedHashes, refuseOther } from './recorded-hashes.ts';

/** Hashed in about 3 ms. */
const PIECE_BYTES = 4 * 2 ** 20;

/**
 * The store as one stage of a run sees it. What it writes for its run is written once and noted with its SHA-256, for the
 * stage's record; what it reads of any run is checked against the record of the stage that wrote it. A record of release
 * 0.1.0 has no SHA-256: what that release wrote is not checked.
 *
 * Hashing is a pass over the bytes: see `docs/formats.md` for its cost.
 */
export class RunStore implements ArtifactStore {
  readonly uri: string;
  readonly runId: string;
  /** Key → what this stage wrote there. */
  readonly written: Record<string, WrittenObject> = {};
  readonly #store: ArtifactStore;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #recorded: RecordedHashes;

  constructor(store: ArtifactStore, runId: string, logger: Pick<Logger, 'warn'>) {
    this.uri = store.uri;
    this.#store = store;
    this.#recorded = new RecordedHashes(store);
    this.runId = runId;
    this.#logger = logger;
  }

  /** @throws ArtifactError when it is not what the stage wrote. */
  async get(key: string): Promise<StoredObject | undefined> {
    const object = await this.#store.get(key);
    if (object !== undefined) await this.#verify(key, () => sha256Of(object.bytes));
    return object;
  }

  /** What is checked has to be there as a whole. */
  async getArriving(key: string): Promise<ArrivingObject | undefined> {
    const object = await this.get(key);
    return object && arrivedAtOnce(object);
  }

  /** @throws ArtifactError when it is not what the stage wrote. */
  async download(key: string, localPath: string): Promise<void> {
    await this.#store.download(key, localPath);
    try {
      await this.#verify(key, () => sha256OfFile(localPath));
    } catch (error) {
      await rm(localPath, { force: true });
      throw error;
    }
  }

  /** For what no stage wrote: that is not checked. */
  async lend(key: string, localPath: string): Promise<LentObject | undefined> {
    return this.#store.lend?.(key, localPath);
  }

  /**
   * Writes an object of the run once. Where an attempt of this stage that died before its record left other bytes, as
   * threads and times make them, these are replaced; what a second attempt writes at the same moment is not.
   */
  async put(key: string, body: Uint8Array | string, condition?: WriteCondition): Promise<string> {
    if (condition !== undefined || !this.#isOwn(key)) return this.#store.put(key, body, condition);
    const hashing = hashOf(body);
    const version = await this.#putOnce(key, body, hashing);
    this.written[key] = { sha256: await hashing, sizeBytes: Buffer.byteLength(body) };
    return version;
  }

  /** What another thread of this stage wrote through a `RunStore` of its own. */
  note(written: Readonly<Record<string, WrittenObject>>): void {
    Object.assign(this.written, written);
  }

  async #putOnce(key: string, body: Uint8Array | string, hashing: Promise<string>): Promise<string> {
    try {
      return await this.#store.put(key, body, { ifAbsent: true }, hashing);
    } catch (error) {
      const left = error instanceof ConflictError ? await this.#store.get(key) : undefined;
      if (left === undefined) throw error;
      if (sha256Of(left.bytes) === (await hashing)) return left.version;
      this.#logger.warn('An attempt that died had left other bytes', { key });
      return this.#store.put(key, body, { ifVersion: left.version }, hashing);
    }
  }

  async upload(key: string, localPath: string, condition?: WriteCondition): Promise<void> {
    if (condition !== undefined || !this.#isOwn(key)) return this.#store.upload(key, localPath, condition);
    this.written[key] = { sha256: await sha256OfFile(localPath), sizeBytes: (await stat(localPath)).size };
    try {
      await this.#store.upload(key, localPath, { ifAbsent: true });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      this.#logger.warn('An attempt that died had left this object', { key });
      await this.#store.upload(key, localPath);
    }
  }

  list(prefix: string): Promise<ObjectSummary[]> {
    return this.#store.list(prefix);
  }

  delete(key: string): Promise<void> {
    return this.#store.delete(key);
  }

  #isOwn(key: string): boolean {
    return key.startsWith(`${RUNS_PREFIX}${this.runId}/`);
  }

  async #verify(key: string, sha256: () => string | Promise<string>): Promise<void> {
    const own = Object.hasOwn(this.written, key) ? this.written[key] : undefined;
    if (own === undefined) await this.#recorded.verify(key, sha256);
    else refuseOther(this.#store, key, 'this stage', own.sha256, await sha256());
  }
}

function sha256Of(body: Uint8Array | string): string {
  return hash('sha256', body);
}

/** The same, while what was begun before goes on, such as writing the body. */
async function hashOf(body: Uint8Array | string): Promise<string> {
  if (body.length <= PIECE_BYTES) return sha256Of(body);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const digest = createHash('sha256');
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    await setImmediate();
    digest.update(bytes.subarray(start, start + PIECE_BYTES));
  }
  return digest.digest('hex');
}

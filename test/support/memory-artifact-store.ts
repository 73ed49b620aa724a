import { readFile, writeFile } from 'node:fs/promises';
import { ArtifactError, ConflictError } from '../../engine/errors.ts';
import {
  type ArtifactStore,
  arrivedAtOnce,
  type ObjectSummary,
  type StoredObject,
  type WriteCondition,
} from '../../lambdas/shared/store/artifact-store.ts';

/** A store in memory that counts its reads and can be told to hold them back or to fail. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly uri = 'memory://test';
  readonly reads: string[] = [];
  /** Runs before each read; what it throws, the read throws. */
  beforeRead: (key: string) => Promise<void> | void = () => {};
  readonly #objects = new Map<string, StoredObject>();
  #writes = 0;

  async get(key: string) {
    this.reads.push(key);
    await this.beforeRead(key);
    return this.#objects.get(key);
  }

  async getArriving(key: string) {
    const object = await this.get(key);
    return object && arrivedAtOnce(object);
  }

  async download(key: string, localPath: string) {
    const object = await this.get(key);
    if (object === undefined) throw new ArtifactError(`There is no ${key} in ${this.uri}.`);
    await writeFile(localPath, object.bytes);
  }

  async put(key: string, body: Uint8Array | string, condition?: WriteCondition) {
    const found = this.#objects.get(key)?.version;
    if (condition !== undefined && found !== ('ifVersion' in condition ? condition.ifVersion : undefined)) {
      throw new ConflictError(`${key} was written in between.`);
    }
    const version = String(++this.#writes);
    this.#objects.set(key, {
      bytes: typeof body === 'string' ? new TextEncoder().encode(body) : body.slice(),
      version,
    });
    return version;
  }

  async upload(key: string, localPath: string, condition?: WriteCondition) {
    await this.put(key, await readFile(localPath), condition);
  }

  async list(prefix: string): Promise<ObjectSummary[]> {
    return [...this.#objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { bytes }]) => ({ key, size: bytes.length, modifiedAtMs: 0 }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  async delete(key: string) {
    this.#objects.delete(key);
  }
}

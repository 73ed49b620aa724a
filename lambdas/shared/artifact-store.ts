/**
 * The artifact store: where every stage reads and writes. One port, two adapters (`io/file-artifact-store.ts`,
 * `io/s3-artifact-store.ts`), chosen by URI in `io/open-artifact-store.ts`. One contract suite runs on both.
 *
 * Keys are `/`-separated, relative to the store's root, without a leading slash.
 */
export interface ArtifactStore {
  /** `s3://bucket/prefix` or `file:///path`, without a trailing slash. */
  readonly uri: string;

  /** @returns undefined when there is no such object. Never torn: the bytes and the version belong together. */
  get(key: string): Promise<StoredObject | undefined>;

  /** Streams an object into a local file, for inputs larger than memory. @throws ArtifactError when it is missing. */
  download(key: string, localPath: string): Promise<void>;

  /**
   * Writes an object whole or not at all.
   * @throws ConflictError when `condition` does not hold at the moment of writing.
   * @returns the version written, to be used as `ifVersion` later.
   */
  put(key: string, body: Uint8Array | string, condition?: WriteCondition): Promise<string>;

  /** Streams a local file into an object (multipart where the store needs it). */
  upload(key: string, localPath: string): Promise<void>;

  /** All objects whose key starts with `prefix`, in ascending key order (UTF-8 bytes). */
  list(prefix: string): Promise<ObjectSummary[]>;

  /** Deleting an object that is not there is no error. */
  delete(key: string): Promise<void>;
}

export interface StoredObject {
  bytes: Uint8Array;
  /** Opaque; equal exactly when the object was not written in between (S3: the ETag). */
  version: string;
}

export interface ObjectSummary {
  key: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  modifiedAtMs: number;
}

/** Write only if nobody wrote since (`ifVersion`), or only if there is nothing yet (`ifAbsent`). */
export type WriteCondition = { ifVersion: string } | { ifAbsent: true };

/** @throws SyntaxError when the object is not JSON. */
export async function getJson<T>(store: ArtifactStore, key: string): Promise<T | undefined> {
  const object = await store.get(key);
  return object === undefined ? undefined : (JSON.parse(new TextDecoder().decode(object.bytes)) as T);
}

export function putJson(store: ArtifactStore, key: string, value: unknown, condition?: WriteCondition) {
  return store.put(key, `${JSON.stringify(value, undefined, 2)}\n`, condition);
}

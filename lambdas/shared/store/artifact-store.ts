import { ArtifactError, InputError } from '../../../engine/errors.ts';

/**
 * The artifact store: where every stage reads and writes. One port, two adapters (`file-artifact-store.ts`,
 * `s3-artifact-store.ts`), chosen by URI in `open-artifact-store.ts`. One contract suite runs on both.
 *
 * Keys are `/`-separated, relative to the store's root, without a leading slash: see {@link checkKey}.
 */
export interface ArtifactStore {
  /** `s3://bucket/prefix` or `file:///path`, without a trailing slash. */
  readonly uri: string;

  /** @returns undefined when there is no such object. Never torn: the bytes and the version belong together. */
  get(key: string): Promise<StoredObject | undefined>;

  /** The same for a large object that is used as it comes. A replacement in the meantime fails what waits for it. */
  getArriving(key: string): Promise<ArrivingObject | undefined>;

  /** Streams an object into a local file, for inputs larger than memory. @throws ArtifactError when it is missing. */
  download(key: string, localPath: string): Promise<void>;

  /**
   * Makes an object readable at a local path without a copy of its bytes, for a store that can: nobody may write to that path.
   *
   * @returns undefined when it cannot, and nothing is at that path.
   */
  lend?(key: string, localPath: string): Promise<LentObject | undefined>;

  /**
   * Writes an object whole or not at all.
   * @throws ConflictError when `condition` does not hold at the moment of writing.
   * @param sha256 of the body where it is taken anyhow, so that a store that needs it does not take it again.
   * @returns the version written, to be used as `ifVersion` later.
   */
  put(key: string, body: Uint8Array | string, condition?: WriteCondition, sha256?: Promise<string>): Promise<string>;

  /**
   * Streams a local file into an object (multipart where the store needs it).
   * @throws ConflictError when `condition` does not hold at the moment of writing.
   */
  upload(key: string, localPath: string, condition?: WriteCondition): Promise<void>;

  /** All objects whose key starts with `prefix`, in ascending key order (UTF-8 bytes). Unfinished writes never show. */
  list(prefix: string, options?: ListOptions): Promise<ObjectSummary[]>;

  /** Deleting an object that is not there is no error. */
  delete(key: string): Promise<void>;
}

export interface StoredObject {
  bytes: Uint8Array;
  /** Opaque (S3: the ETag). Different bytes have different versions; the same bytes written again may keep theirs. */
  version: string;
}

export interface ArrivingObject {
  /** As many as the object has; those that have not arrived are anything. */
  bytes: Uint8Array;
  /** Settles when the first `end` bytes are there. */
  arrived(end: number): Promise<void>;
}

export interface LentObject {
  /** @throws UnavailableError when somebody has written to its bytes since it was lent. */
  checkUnchanged(): Promise<void>;
}

/** @param pieces of `pieceBytes` each but for the last: when each is there. */
export function arrivingInPieces(
  bytes: Uint8Array,
  pieceBytes: number,
  pieces: readonly Promise<unknown>[],
): ArrivingObject {
  // A failure is told to whoever waits for the piece, and ends no process.
  for (const piece of pieces) piece.catch(() => {});
  return {
    bytes,
    async arrived(end) {
      for (let i = 0; i * pieceBytes < end; i++) await pieces[i];
    },
  };
}

export function arrivedAtOnce({ bytes }: Pick<StoredObject, 'bytes'>): ArrivingObject {
  return { bytes, arrived: () => Promise.resolve() };
}

export interface ListOptions {
  /** Lists links to nothing too, so that who reads them says that they lead nowhere. @default false */
  brokenLinks?: boolean;
}

export interface ObjectSummary {
  key: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  modifiedAtMs: number;
  /** Path of the file without links, where the store is a folder: by links, one file has several keys. */
  realPath?: string;
}

/** Write only if nobody wrote since (`ifVersion`), or only if there is nothing yet (`ifAbsent`). */
export type WriteCondition = { ifVersion: string } | { ifAbsent: true };

export function putJson(store: ArtifactStore, key: string, value: unknown, condition?: WriteCondition) {
  return store.put(key, `${JSON.stringify(value, undefined, 2)}\n`, condition);
}

export function missingObject(store: ArtifactStore, key: string): ArtifactError {
  return new ArtifactError(`There is no ${key} in ${store.uri}: check the key, or run the stage that writes it first.`);
}

/**
 * One rule for every adapter, so that what works on a local folder works on S3. Spaces, `%`, quotes and any Unicode are
 * allowed; what could leave the store's root or come back from a listing as something else is not.
 *
 * @throws InputError when `key` cannot name an object.
 */
export function checkKey(key: string): void {
  const fault = faultOfKey(key);
  if (fault !== undefined) {
    throw new InputError(
      `The key ${JSON.stringify(key)} cannot name an artifact: ${fault}. Write it as names joined by single slashes, such as "runs/r1/report.json".`,
    );
  }
}

/** A prefix may end anywhere in a key. @throws InputError when no key can start with it. */
export function checkKeyPrefix(prefix: string): void {
  const fault = prefix === '' ? undefined : faultOfKey(`${prefix}x`);
  if (fault !== undefined) {
    throw new InputError(
      `The prefix ${JSON.stringify(prefix)} starts no artifact's key: ${fault}. Write it relative to the store's root, such as "runs/".`,
    );
  }
}

function faultOfKey(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (key.startsWith('/')) return 'it starts with "/"';
  if (key.endsWith('/')) return 'it ends with "/"';
  for (const name of key.split('/')) {
    if (name === '') return 'it has an empty name between two slashes';
    if (name === '.' || name === '..') return `it has the name "${name}"`;
  }
  if (/[\p{Cc}\\]/u.test(key)) return 'it has a control character or a backslash';
  return key.isWellFormed() ? undefined : 'it has half of a surrogate pair, which UTF-8 cannot express';
}

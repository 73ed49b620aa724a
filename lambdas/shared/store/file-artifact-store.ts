import { hash, randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import {
  access,
  copyFile,
  type FileHandle,
  link,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConflictError, InputError, UnavailableError } from '../../../engine/errors.ts';
import {
  type ArrivingObject,
  type ArtifactStore,
  arrivingInPieces,
  checkKey,
  checkKeyPrefix,
  type LentObject,
  type ListOptions,
  missingObject,
  type ObjectSummary,
  type StoredObject,
  type WriteCondition,
} from './artifact-store.ts';
import { codeOf, explainFileError, explainReadError } from './file-error.ts';
import { removeFile, replaceFile, WRITING_PREFIX } from './replace-file.ts';

/** Read side by side: a thread reads about 2 GB a second. */
const PIECE_BYTES = 8 * 2 ** 20;

/** A folder that is listed. */
interface ListedFolder {
  /** Without a closing slash; '' for the root. */
  key: string;
  /** Without links: two folders of one real path are the same. */
  realPath: string;
  /** Real paths of the folders on the way down, this one included. */
  way: readonly string[];
}

/** Paths of files that others write to, such as a log of today. */
const writtenWhileLent = new Set<string>();

/**
 * A folder as an artifact store; several processes may share it. Objects are plain files under their keys, so other
 * tools open them as they are. A file is never changed in place: a reader has the whole of one version.
 *
 * A version is the SHA-256 of the bytes. Unlike on S3, an object cannot stand at `a` while another stands at `a/b`.
 */
export class FileArtifactStore implements ArtifactStore {
  readonly uri: string;
  readonly #root: string;

  /** @param root an absolute path; the folder is made with the first write. */
  constructor(root: string) {
    this.#root = root;
    this.uri = pathToFileURL(root).href.replace(/\/$/, '');
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const path = this.#pathOf(key);
    try {
      const object = await openArriving(path);
      await object.arrived(object.bytes.length);
      const { bytes } = object;
      let version: string | undefined;
      return {
        bytes,
        // Taking it of 100 MB takes 70 ms, and a cold start has no use for it.
        get version() {
          version ??= versionOf(bytes);
          return version;
        },
      };
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw this.#explain(error, 'read', key);
    }
  }

  async getArriving(key: string): Promise<ArrivingObject | undefined> {
    const path = this.#pathOf(key);
    try {
      const object = await openArriving(path);
      // A folder opens like a file, and cannot be read.
      await object.arrived(1);
      const arrived = (end: number) =>
        object.arrived(end).catch((error: unknown) => {
          throw this.#explain(error, 'read', key);
        });
      return { bytes: object.bytes, arrived };
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw this.#explain(error, 'read', key);
    }
  }

  async download(key: string, localPath: string): Promise<void> {
    const path = this.#pathOf(key);
    const partial = `${localPath}.partial-${randomUUID()}`;
    try {
      // The copy need not outlive a power cut: waiting for the disk would take as long again.
      await copyFile(path, partial, constants.COPYFILE_FICLONE);
      await rename(partial, localPath);
    } catch (error) {
      await rm(partial, { force: true });
      const found = await stat(path).catch(() => undefined);
      const isMissing = isAbsence(error) && found?.isFile() !== true;
      if (isMissing && found === undefined) await refuseBrokenLink(path);
      if (isMissing) throw missingObject(this, key);
      // The error of a copy does not say which of its two ends is at fault.
      await access(path, constants.R_OK).catch((cause: unknown) => {
        throw explainReadError(cause, `Cannot read ${path}`);
      });
      throw this.#explain(error, 'download', key);
    }
  }

  /** By a second name of the same file: who replaces or deletes the object leaves what was lent as it is. */
  async lend(key: string, localPath: string): Promise<LentObject | undefined> {
    const path = this.#pathOf(key);
    if (writtenWhileLent.has(path)) return undefined;
    try {
      // A file's owner may link it without the right to read it.
      await access(path, constants.R_OK);
      await link(await realpath(path), localPath);
    } catch {
      // On another disk, or not allowed, or not there: `download` copies it, or says so.
      return undefined;
    }
    const lent = await stat(localPath, { bigint: true });
    return {
      checkUnchanged: async () => {
        const now = await stat(localPath, { bigint: true });
        if (now.size === lent.size && now.mtimeNs === lent.mtimeNs) return;
        writtenWhileLent.add(path);
        throw new UnavailableError(`${path} was written to while it was being read: the next attempt reads a copy.`);
      },
    };
  }

  async put(
    key: string,
    body: Uint8Array | string,
    condition?: WriteCondition,
    sha256?: Promise<string>,
  ): Promise<string> {
    const path = this.#pathOf(key);
    let version = '';
    const writeContent = async (content: string): Promise<void> => {
      version = await writeWhole(content, typeof body === 'string' ? Buffer.from(body) : body, sha256);
    };
    try {
      await replaceFile(path, { writeContent, check: () => this.#checkCondition(key, condition) });
    } catch (error) {
      throw this.#explain(error, 'write', key);
    }
    return version;
  }

  async upload(key: string, localPath: string, condition?: WriteCondition): Promise<void> {
    const path = this.#pathOf(key);
    try {
      await replaceFile(path, {
        writeContent: (content) => copyWhole(localPath, content),
        check: () => this.#checkCondition(key, condition),
      });
    } catch (error) {
      throw this.#explain(error, 'write', key);
    }
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ObjectSummary[]> {
    checkKeyPrefix(prefix);
    const root = await realpath(this.#root).catch((error: unknown) => {
      if (isAbsence(error)) return undefined;
      throw explainReadError(error, `Cannot list ${this.#root}`);
    });
    if (root === undefined) return [];
    const found = await this.#walk({ key: '', realPath: root, way: [root] }, prefix, options);
    const sortable = found.map((summary) => ({ summary, bytes: Buffer.from(summary.key) }));
    return sortable.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ summary }) => summary);
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    try {
      const exists = (await stat(path)).isFile();
      if (exists) await removeFile(path);
    } catch (error) {
      if (!isAbsence(error)) throw this.#explain(error, 'delete', key);
    }
  }

  #pathOf(key: string): string {
    checkKey(key);
    if (key.split('/').some((name) => name.startsWith(WRITING_PREFIX))) {
      throw new InputError(
        `The key ${JSON.stringify(key)} cannot name an artifact: names that start with "${WRITING_PREFIX}" are kept for writes under way. Rename it.`,
      );
    }
    return join(this.#root, key);
  }

  async #checkCondition(key: string, condition: WriteCondition | undefined): Promise<void> {
    if (condition === undefined) return;
    // Not read whole only to see that it is not there.
    if ('ifAbsent' in condition && !(await this.#isObject(key))) return;
    const version = (await this.get(key))?.version;
    if ('ifAbsent' in condition ? version === undefined : version === condition.ifVersion) return;
    const expected =
      'ifAbsent' in condition ? 'there was to be nothing' : `version ${condition.ifVersion} was expected`;
    const found = version === undefined ? 'there is nothing' : `there is version ${version}`;
    throw new ConflictError(
      `Did not write ${key} in ${this.uri}: ${expected} but ${found}, so another writer was faster. Read it again and decide anew.`,
    );
  }

  async #isObject(key: string): Promise<boolean> {
    return (await stat(this.#pathOf(key)).catch(() => undefined))?.isFile() === true;
  }

  /** The objects under `folder` that match the prefix, unsorted. */
  async #walk(folder: ListedFolder, prefix: string, options: ListOptions): Promise<ObjectSummary[]> {
    const entries = await readdir(folder.realPath, { withFileTypes: true }).catch((error: unknown) => {
      if (isAbsence(error)) return [];
      throw explainReadError(error, `Cannot list ${folder.realPath}`);
    });
    const found = entries
      .filter((entry) => !entry.name.startsWith(WRITING_PREFIX))
      .map((entry) => ({ key: folder.key === '' ? entry.name : `${folder.key}/${entry.name}`, entry }))
      .filter(({ key }) => key.startsWith(prefix) || prefix.startsWith(`${key}/`))
      .map(({ key, entry }) => this.#walkEntry(folder, key, entry, prefix, options));
    return (await Promise.all(found)).flat();
  }

  /** Nothing when it was deleted since its folder was read, or is a link to a folder on the way down. */
  async #walkEntry(
    folder: ListedFolder,
    key: string,
    entry: Dirent,
    prefix: string,
    options: ListOptions,
  ): Promise<ObjectSummary[]> {
    const path = join(folder.realPath, entry.name);
    try {
      const realPath = entry.isSymbolicLink() ? await realpath(path) : path;
      const stats = entry.isDirectory() ? undefined : await stat(realPath);
      if (stats === undefined || stats.isDirectory()) {
        if (folder.way.includes(realPath)) return [];
        return await this.#walk({ key, realPath, way: [...folder.way, realPath] }, prefix, options);
      }
      if (!stats.isFile() || !key.startsWith(prefix)) return [];
      return [{ key, size: stats.size, modifiedAtMs: stats.mtimeMs, realPath }];
    } catch (error) {
      const isBrokenLink = entry.isSymbolicLink() && (isAbsence(error) || codeOf(error) === 'ELOOP');
      if (isBrokenLink && options.brokenLinks && key.startsWith(prefix)) return [{ key, size: 0, modifiedAtMs: 0 }];
      if (isBrokenLink || isAbsence(error)) return [];
      throw explainReadError(error, `Cannot read ${path}`);
    }
  }

  #explain(error: unknown, action: string, key: string): unknown {
    const isDiskOfCopyFull = action === 'download' && ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
    return explainFileError(error, `Cannot ${action} ${key} in ${this.uri}`, isDiskOfCopyFull ? 'TMPDIR' : undefined);
  }
}

/** A key without an object: nothing there, a folder, or a path through a file. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'EISDIR', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

/** @throws InputError when there is a link, which leads nowhere. */
async function refuseBrokenLink(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return;
  throw new InputError(`${path} is a link to ${target}, which is not there: bring that back, or remove the link.`);
}

function versionOf(body: Uint8Array | string): string {
  return hash('sha256', body);
}

/** Starts to read a file; all of its pieces are of one version, since a file is never changed in place. */
async function openArriving(path: string): Promise<ArrivingObject> {
  const file = await open(path);
  const pieces: Promise<void>[] = [];
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let start = 0; start < size || start === 0; start += PIECE_BYTES) {
      pieces.push(readPiece(file, bytes.subarray(start, start + PIECE_BYTES), start));
    }
    return arrivingInPieces(bytes, PIECE_BYTES, pieces);
  } finally {
    void Promise.allSettled(pieces).then(() => file.close());
  }
}

async function readPiece(file: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  let end = 0;
  do {
    const { bytesRead } = await file.read(piece, end, piece.length - end, position + end);
    if (bytesRead === 0 && piece.length > 0) throw new Error(`the file ends at ${position + end}`);
    end += bytesRead;
  } while (end < piece.length);
}

/** @returns the version; where nobody else takes it, it is taken while the system writes: of 100 MB it takes 100 ms. */
async function writeWhole(path: string, bytes: Uint8Array, sha256: Promise<string> | undefined): Promise<string> {
  const file = await open(path, 'w');
  try {
    const write = async () => {
      for (let end = 0; end < bytes.length; ) end += (await file.write(bytes, end, bytes.length - end)).bytesWritten;
    };
    const written = write();
    // Until it is awaited, which may be after it has failed.
    written.catch(() => {});
    const version = sha256 ?? versionOf(bytes);
    await written;
    await file.sync();
    return await version;
  } finally {
    await file.close();
  }
}

/** Shares the blocks where the file system can. */
async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await using file = await open(to, 'r');
  await file.sync();
}

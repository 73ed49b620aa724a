import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { checkFile } from '../../engine/clicks/check-file.ts';
import type { Database } from '../../engine/clicks/database.ts';
import { type LoadedClicks, loadClicks } from '../../engine/clicks/load-clicks.ts';
import type { ResolvedReading } from '../../engine/clicks/recognise-format.ts';
import { refuseTooManyRejections } from '../../engine/clicks/reject-rows.ts';
import { InputError, messageOf } from '../../engine/errors.ts';
import { TABLE_TOOLS } from '../shared/duckdb/table-tools.ts';
import type { FetchedFile, UnreadableFile } from './input.ts';
import { refuseAll } from './quarantine.ts';

/** Of the machine, however the reader puts it: the file may be sound. */
const MACHINE_FAULT = /Out of Memory|No space left on device/i;

export interface Reader {
  database: Database;
  request: Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>;
  /** For temporary files. */
  folder: string;
  /** When the run began: milliseconds since the epoch. */
  nowMs: number;
  /** Largest share of a file's rows that may be refused, 0…1. */
  maxRejectedShare: number;
}

/**
 * Reads all files together, and where that fails, those that can be read.
 *
 * @param fetched with those that could not even be unpacked. @param skips whether to do without files that cannot be read.
 * @throws InputError when they can be read neither way.
 */
export async function loadReadable(
  fetched: { files: readonly FetchedFile[]; unreadable: readonly UnreadableFile[] },
  reader: Reader,
  skips: boolean,
): Promise<{ files: readonly FetchedFile[]; unreadable: UnreadableFile[]; loaded: LoadedClicks }> {
  const unreadable = [...fetched.unreadable];
  let rest = fetched.files;
  // Whatever is left out can let the next fault show; each round leaves something out, or is the last.
  for (;;) {
    if (rest.length === 0) refuseAll(unreadable);
    let loaded: LoadedClicks | undefined;
    let found: UnreadableFile[];
    try {
      loaded = await loadAll(rest, reader);
      found = skips ? await findRefused(rest, loaded, reader) : [];
    } catch (error) {
      if (!skips || !isOfFile(error)) throw error;
      found = await findUnreadable(rest, reader);
      if (found.length === 0) throw error;
    }
    if (loaded !== undefined && found.length === 0) return { files: rest, unreadable, loaded };
    unreadable.push(...found);
    rest = rest.filter(({ input }) => !found.some(({ name }) => name === input.name));
  }
}

async function loadAll(files: readonly FetchedFile[], reader: Reader): Promise<LoadedClicks> {
  const { database, request, folder, nowMs } = reader;
  await database.run('DROP TABLE IF EXISTS rejected_rows');
  return loadClicks(
    database,
    files.map(({ file }) => file),
    request,
    folder,
    nowMs,
    TABLE_TOOLS,
  );
}

/** Whether an error may be the fault of one file. */
function isOfFile(error: unknown): error is InputError {
  return error instanceof InputError && !MACHINE_FAULT.test(messageOf(error.cause));
}

/**
 * Which of the files cannot be read with the others: each is read by itself, as the first that can be is read. It costs a
 * pass over all of them, and is done only after they could not be read together.
 */
async function findUnreadable(files: readonly FetchedFile[], reader: Reader): Promise<UnreadableFile[]> {
  const { database, folder } = reader;
  let { request } = reader;
  return filesThat(files, async ({ file }) => {
    request = requestOf(await checkFile(database, file, request, folder));
  });
}

/**
 * Whose rows are refused beyond the share that is allowed, where it is not all of the files. The tables of `loaded` are
 * left as they are when there is none.
 */
async function findRefused(
  files: readonly FetchedFile[],
  loaded: LoadedClicks,
  reader: Reader,
): Promise<UnreadableFile[]> {
  const { database, maxRejectedShare } = reader;
  const refuse = (clicks: LoadedClicks) => refuseTooManyRejections(database, clicks, maxRejectedShare);
  if (files.length === 1 || (await failureOf(refuse(loaded))) === undefined) return [];
  const found = await filesThat(files, async (file) => {
    const asAll = { ...reader, request: requestOf(loaded.reading) };
    const alone = await loadAll([file], asAll).catch(() => undefined);
    // Where not one row counts, none is refused.
    if (alone !== undefined) await refuse(alone);
  });
  // All of them: what is wrong is how they are read. None: no file alone is at fault.
  if (found.length > 0 && found.length < files.length) return found;
  // Once more, for the rows that are refused.
  await loadAll(files, reader);
  return [];
}

/** What asks for the same reading. */
function requestOf({ where, names, ...reading }: ResolvedReading): Reader['request'] {
  return { ...reading, where: where && [...where], names: names && [...names] };
}

async function filesThat(
  files: readonly FetchedFile[],
  read: (file: FetchedFile) => Promise<void>,
): Promise<UnreadableFile[]> {
  const found: UnreadableFile[] = [];
  for (const file of files) {
    const error = await failureOf(read(file));
    if (error === undefined) continue;
    if (!isOfFile(error)) throw error;
    found.push({ ...file.input, sha256: await file.sha256(), reason: error.message });
  }
  return found;
}

async function failureOf(step: Promise<void>): Promise<unknown> {
  return step.then(
    () => undefined,
    (error: unknown) => error ?? new Error('unknown'),
  );
}

import * as z from 'zod';
import { artifactKey, QUARANTINE_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import type { LeftOut, Quarantine } from '../../engine/artifacts/quarantine.ts';
import { ConflictError, InputError } from '../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';
import type { FetchedFile, Input, UnreadableFile } from './input.ts';

const markSchema = z.object({ name: z.string(), sha256: z.string(), firstRun: z.string() });

/** What a run says of the files that it leaves out; nothing when there is none. */
export interface LeftOutFacts {
  artifacts: readonly 'quarantine'[];
  counts: { unreadableFiles?: number; newUnreadableFiles?: number };
  details: { leftOut?: LeftOut; notes?: string[] };
}

/**
 * Keeps what is left out with the run, and marks each file. A run tries all files anew; one that has changed under its
 * name gets another mark, and is told again.
 */
export async function leaveOut(
  store: ArtifactStore,
  runId: string,
  readable: readonly FetchedFile[],
  unreadable: readonly UnreadableFile[],
  sha256Of: (text: string) => string,
): Promise<LeftOutFacts> {
  if (unreadable.length === 0) return { artifacts: [], counts: {}, details: {} };
  const files: Quarantine['files'] = [];
  for (const file of unreadable) files.push({ ...file, firstRun: await firstRunOf(store, runId, file, sha256Of) });
  await putJson(store, artifactKey(runId, 'quarantine'), { runId, files } satisfies Quarantine);
  const inputs = readable.map(({ input }) => input);
  const leftOut = leftOutOf(inputs, unreadable);
  return {
    artifacts: ['quarantine'],
    // The second of these is what the alarm looks at: each file once.
    counts: {
      unreadableFiles: files.length,
      newUnreadableFiles: files.filter(({ firstRun }) => firstRun === runId).length,
    },
    details: { leftOut, notes: [noteOf(leftOut, unreadable)] },
  };
}

/** The first run that left these bytes under this name out: this one, if none has. */
async function firstRunOf(
  store: ArtifactStore,
  runId: string,
  { name, sha256 }: Input,
  sha256Of: (text: string) => string,
): Promise<string> {
  const key = `${QUARANTINE_PREFIX}${sha256Of(`${sha256} ${name}`)}.json`;
  try {
    await putJson(store, key, { name, sha256, firstRun: runId }, { ifAbsent: true });
    return runId;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return (await readJsonArtifact(store, key, markSchema))?.firstRun ?? runId;
  }
}

type Sized = Pick<Input, 'sizeBytes'>;

/** How much is left out, of how much: what the gate looks at. */
function leftOutOf(readable: readonly Sized[], unreadable: readonly Sized[]): LeftOut {
  const bytesOf = (inputs: readonly Sized[]) => inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    files: unreadable.length,
    ofFiles: readable.length + unreadable.length,
    bytes: bytesOf(unreadable),
    ofBytes: bytesOf(readable) + bytesOf(unreadable),
  };
}

const MOST_NAMED = 3;

/** For the report. */
function noteOf({ files, ofFiles }: LeftOut, unreadable: readonly UnreadableFile[]): string {
  const named = unreadable.slice(0, MOST_NAMED).map(({ reason }) => firstLine(reason));
  const more = files > MOST_NAMED ? ` And ${files - MOST_NAMED} more, in quarantine.json.` : '';
  return `${files} of ${ofFiles} files cannot be read and ${files === 1 ? 'was' : 'were'} left out. ${named.join(' ')}${more}`;
}

/** @throws InputError with the reason of each, when there is nothing else to train on. */
export function refuseAll(unreadable: readonly UnreadableFile[]): never {
  if (unreadable.length === 1) throw new InputError(unreadable[0].reason);
  const named = unreadable.slice(0, MOST_NAMED).map(({ reason }) => `  ${firstLine(reason)}`);
  const more = unreadable.length > MOST_NAMED ? [`  and ${unreadable.length - MOST_NAMED} more`] : [];
  throw new InputError(`None of the ${unreadable.length} files can be read:\n${[...named, ...more].join('\n')}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0];
}

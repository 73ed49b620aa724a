import type { S3Client } from '@aws-sdk/client-s3';
import { CURRENT_KEY, RUNS_PREFIX, runOfKey } from '../../engine/artifacts/artifact-keys.ts';
import { AlikeError, ConflictError, InputError, messageOf } from '../../engine/errors.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import { type ArtifactStore, putJson } from '../../lambdas/shared/store/artifact-store.ts';
import { eraseRecords, type TextReading, type Visitor } from './erase-records.ts';
import { deleteVersions, listVersions, type ObjectVersion, readVersion, replaceVersion } from './object-versions.ts';

/** What was found of a visitor, what was done, and what goes later. It names no visitor. */
export interface Receipt {
  /** ISO 8601, UTC. */
  at: string;
  /** Files under raw/ that were rewritten → records that were taken out. */
  rewritten: Record<string, number>;
  /** Replaced or deleted versions of files under raw/ that held the visitor, deleted for good. */
  deletedVersions: number;
  /** Replaced or deleted versions that could not be searched, deleted as well. */
  deletedUnsearched: number;
  /** Runs that were deleted for good, with all they had. */
  deletedRuns: string[];
  /** The run that was trained without the visitor and answers now; null when nothing was found. */
  liveRun: string | null;
  later: string[];
}

export interface Place {
  client: S3Client;
  bucket: string;
  store: ArtifactStore;
  logRetentionDays: number;
}

/** Of the deployment. */
export interface Training {
  /** @throws ConfigurationError when a run is under way. */
  refuseSecondRun(): Promise<void>;
  /** Trains on what is left, goes live whatever the gate says, and returns the run. */
  retrain(): Promise<string>;
}

/**
 * Takes a visitor out of everything that a deployment keeps: files under `raw/` are rewritten; a run is trained without
 * the visitor; all runs before it go, with all of their versions; so do the older versions that hold the visitor or cannot
 * be searched.
 *
 * @throws InputError before anything was changed, when the newest version of a file cannot be searched.
 * @throws ConfigurationError before anything was changed, when a run is under way.
 * @throws UnfinishedError when it failed later, such as when a file was uploaded anew or another run went live meanwhile.
 * Running it again does the rest.
 */
export async function forgetVisitor(
  { client, bucket, store, logRetentionDays }: Place,
  visitor: Visitor,
  reading: TextReading,
  training: Training,
): Promise<Receipt> {
  const receipt: Receipt = {
    at: new Date().toISOString(),
    rewritten: {},
    deletedVersions: 0,
    deletedUnsearched: 0,
    deletedRuns: [],
    liveRun: null,
    later: [`log lines that quote an id expire ${logRetentionDays} days after they were written`],
  };
  const versions = (await listVersions(client, bucket, 'raw/')).filter(
    ({ key, isMarker }) => !isMarker && !key.endsWith('/'),
  );
  const doomed: ObjectVersion[] = [];
  const rewrites: { version: ObjectVersion; bytes: Uint8Array; count: number }[] = [];
  for (const version of versions) {
    try {
      const { bytes, count } = eraseRecords(await readVersion(client, bucket, version), version.key, visitor, reading);
      if (count === 0) continue;
      if (version.isLatest) rewrites.push({ version, bytes, count });
      else receipt.deletedVersions++;
      doomed.push(version);
    } catch (cause) {
      if (version.isLatest) throw new InputError(`Nothing was changed. ${messageOf(cause)}`, { cause });
      receipt.deletedUnsearched++;
      doomed.push(version);
    }
  }
  if (doomed.length === 0) return receipt;
  await training.refuseSecondRun();
  try {
    for (const { version, bytes, count } of rewrites) {
      await replaceVersion(client, bucket, version, bytes);
      receipt.rewritten[version.key] = count;
    }
    if (rewrites.length > 0 || receipt.deletedVersions > 0) {
      receipt.liveRun = await training.retrain();
      receipt.deletedRuns = await deleteOtherRuns({ client, bucket, store }, receipt.liveRun);
    }
    // They go last: while they are there, running it again finds the visitor and does the rest of one that failed.
    await deleteVersions(client, bucket, doomed);
  } catch (cause) {
    throw new UnfinishedError(`${messageOf(cause).replace(/[.]?$/, '.')} ${whatIsDone(receipt)}`, { cause });
  }
  return receipt;
}

/** The visitor is still in some of what the deployment keeps. */
class UnfinishedError extends AlikeError {
  override readonly name = 'UnfinishedError';
}

function whatIsDone({ rewritten, liveRun, deletedRuns }: Receipt): string {
  const files = Object.keys(rewritten);
  const done = [
    ...(files.length === 0 ? [] : [`${files.join(', ')} ${files.length === 1 ? 'was' : 'were'} rewritten`]),
    ...(liveRun === null ? [] : [`run ${liveRun} was trained without the visitor`]),
    ...(deletedRuns.length === 0 ? [] : [`${deletedRuns.length} older runs were deleted`]),
  ];
  const rest = `The visitor is not forgotten yet: older versions of files under raw/${deletedRuns.length === 0 ? ' and runs' : ''} may still hold the records, and there is no receipt. Run the command again: it does the rest.`;
  return `${done.length === 0 ? 'Nothing was changed.' : `So far, ${done.join(', and ')}.`} ${rest}`;
}

/** @returns the runs that went. @throws ConflictError before any goes, when another run is live. */
async function deleteOtherRuns(
  { client, bucket, store }: Pick<Place, 'client' | 'bucket' | 'store'>,
  liveRun: string,
): Promise<string[]> {
  const others = (await listVersions(client, bucket, RUNS_PREFIX)).filter(({ key }) => runOfKey(key) !== liveRun);
  const current = await readCurrent(store);
  if (current?.pointer.runId !== liveRun) {
    throw new ConflictError(
      `No run was deleted: ${current?.pointer.runId ?? 'no run'} is live instead of ${liveRun}, which was trained without the visitor. Wait until no other run is under way and nobody promotes one.`,
    );
  }
  // Before they go, and by a conditional write: whoever moved the pointer since then keeps the run that it names.
  await putJson(store, CURRENT_KEY, { ...current.pointer, previous: null }, { ifVersion: current.version });
  await deleteVersions(client, bucket, others);
  return [...new Set(others.map(({ key }) => runOfKey(key)))].sort();
}

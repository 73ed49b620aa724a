import type { S3Client } from '@aws-sdk/client-s3';
import { CURRENT_KEY, RUNS_PREFIX, runOfKey } from '../../engine/artifacts/artifact-keys.ts';
import { ConflictError, InputError, messageOf } from '../../engine/errors.ts';
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

/**
 * Takes a visitor out of everything that a deployment keeps: files under `raw/` are rewritten; a run is trained without
 * the visitor; all runs before it go, with all of their versions; so do the older versions that hold the visitor or cannot
 * be searched.
 *
 * @param retrain trains on what is left, goes live whatever the gate says, and returns the run.
 * @throws InputError before anything was changed, when the newest version of a file cannot be searched.
 * @throws ConflictError when a file was uploaded anew, or another run went live meanwhile. Running it again does the rest.
 */
export async function forgetVisitor(
  { client, bucket, store, logRetentionDays }: Place,
  visitor: Visitor,
  reading: TextReading,
  retrain: () => Promise<string>,
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
  for (const { version, bytes, count } of rewrites) {
    await replaceVersion(client, bucket, version, bytes);
    receipt.rewritten[version.key] = count;
  }
  if (rewrites.length > 0 || receipt.deletedVersions > 0) {
    receipt.liveRun = await retrain();
    receipt.deletedRuns = await deleteOtherRuns({ client, bucket, store }, receipt.liveRun);
  }
  // They go last: while they are there, running it again finds the visitor and does the rest of one that failed.
  await deleteVersions(client, bucket, doomed);
  return receipt;
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
      `No run was deleted: ${current?.pointer.runId ?? 'no run'} is live instead of ${liveRun}, which was trained without the visitor. Run the command again when no other run is under way and nobody promotes one.`,
    );
  }
  // Before they go, and by a conditional write: whoever moved the pointer since then keeps the run that it names.
  await putJson(store, CURRENT_KEY, { ...current.pointer, previous: null }, { ifVersion: current.version });
  await deleteVersions(client, bucket, others);
  return [...new Set(others.map(({ key }) => runOfKey(key)))].sort();
}

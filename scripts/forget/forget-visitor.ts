import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { CURRENT_KEY, RUNS_PREFIX, runOfKey } from '../../engine/artifacts/artifact-keys.ts';
import { InputError, messageOf } from '../../engine/errors.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import { type ArtifactStore, putJson } from '../../lambdas/shared/store/artifact-store.ts';
import { eraseRecords, type TextReading, type Visitor } from './erase-records.ts';
import { deleteVersions, listVersions, type ObjectVersion, readVersion } from './object-versions.ts';

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
 * Takes a visitor out of everything that a deployment keeps: files under `raw/` are rewritten, all their older versions
 * that hold the visitor go; a run is trained without the visitor; all runs before it go, with all of their versions.
 *
 * @param retrain trains on what is left, goes live whatever the gate says, and returns the run.
 * @throws InputError before anything was changed, when a file cannot be searched.
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
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: version.key, Body: bytes }));
    receipt.rewritten[version.key] = count;
  }
  await deleteVersions(client, bucket, doomed);
  if (rewrites.length === 0 && receipt.deletedVersions === 0) return receipt;

  receipt.liveRun = await retrain();
  const before = (await listVersions(client, bucket, RUNS_PREFIX)).filter(
    ({ key }) => runOfKey(key) !== receipt.liveRun,
  );
  await deleteVersions(client, bucket, before);
  receipt.deletedRuns = [...new Set(before.map(({ key }) => runOfKey(key)))].sort();
  const current = await readCurrent(store);
  if (current !== undefined) {
    // There is no run left to roll back to.
    await putJson(store, CURRENT_KEY, { ...current.pointer, previous: null }, { ifVersion: current.version });
  }
  return receipt;
}

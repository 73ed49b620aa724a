import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  type ArtifactName,
  artifactKey,
  CURRENT_KEY,
  QUARANTINE_PREFIX,
  stageRecordKey,
} from '../../engine/artifacts/artifact-keys.ts';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { PIPELINE, type Stage } from '../../lambdas/pipeline.ts';
import { arnOf, explainWildcard } from '../functions/explained-wildcards.ts';

type Access = 'read' | 'write' | 'delete' | 'tag' | 'list';

const ACTIONS: Record<Exclude<Access, 'list'>, string[]> = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
  tag: ['s3:PutObjectTagging', 's3:DeleteObjectTagging'],
};

/** Patterns of keys; `*` stands for the id of a run. What is listed are prefixes. */
export type KeyPatterns = Partial<Record<Access, readonly string[]>>;

export function artifactPattern(name: ArtifactName): string {
  return artifactKey('*', name);
}

export const STAGE_RECORDS = stageRecordKey('*', '*');

/** What the stage table lets a stage touch: its inputs, its outputs, and the records that make a stage idempotent. */
export function stagePatterns(stage: Stage): KeyPatterns {
  const patternOf = (name: Stage['reads' | 'writes'][number]) => {
    if (name === 'raw') return 'raw/*';
    if (name === 'marks') return `${QUARANTINE_PREFIX}*`;
    if (name === 'current-catalogue') return CATALOGUE_CURRENT_KEY;
    if (name === 'catalogue') return catalogueKey('*', 'catalogue');
    return name === 'current' ? CURRENT_KEY : artifactPattern(name);
  };
  const reads = stage.reads.map(patternOf);
  const writes = stage.writes.map(patternOf);
  const request = artifactPattern('request');
  return {
    list: stage.reads.includes('raw') ? ['raw/'] : [],
    // Writes are conditional: who finds something there reads it to tell an own attempt that died from another writer.
    read: [...new Set([...reads, ...writes, request, STAGE_RECORDS])],
    write: [
      ...writes,
      stageRecordKey('*', stage.name, stage.forEachItemOf && '*'),
      ...(stage === PIPELINE[0] ? [request] : []),
    ],
  };
}

/** Lets a function touch objects with these keys and see which of them there are, and nothing else. */
export function grantKeys(bucket: IBucket, role: IRole, { list = [], ...patterns }: KeyPatterns): void {
  // S3 answers 403 for an object that is not there; the store then lists its key (`s3-artifact-store.ts`).
  grantListing(bucket, role, [...list, ...(patterns.read ?? [])]);
  if (patterns.read !== undefined) bucket.encryptionKey?.grantDecrypt(role);
  if (patterns.write !== undefined) bucket.encryptionKey?.grantEncrypt(role);
  for (const [access, keys] of Object.entries(patterns)) {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ACTIONS[access as Exclude<Access, 'list'>],
        resources: keys.map((key) => bucket.arnForObjects(key)),
      }),
    );
    for (const key of keys.filter((pattern) => pattern.includes('*'))) {
      explainWildcard(role, `${arnOf(bucket)}/${key}`, REASON);
    }
  }
}

/** @param prefixes that may be asked for, with `*` for what is not known beforehand. */
export function grantListing(bucket: IBucket, role: IRole, prefixes: readonly string[]): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [...new Set(prefixes)].sort() } },
    }),
  );
}

const REASON = 'The id of a run is not known beforehand: the pattern is one artifact, or the uploads, of every run.';

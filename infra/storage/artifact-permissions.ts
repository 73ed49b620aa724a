import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type ArtifactName, artifactKey, CURRENT_KEY, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { PIPELINE, type Stage } from '../../lambdas/pipeline.ts';
import { arnOf, explainWildcard } from '../functions/explained-wildcards.ts';

type Access = 'read' | 'write' | 'delete' | 'tag';

const ACTIONS: Record<Access, string[]> = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
  tag: ['s3:PutObjectTagging', 's3:DeleteObjectTagging'],
};

/** Patterns of keys; `*` stands for the id of a run. */
export type KeyPatterns = Partial<Record<Access, readonly string[]>>;

export function artifactPattern(name: ArtifactName): string {
  return artifactKey('*', name);
}

const STAGE_RECORDS = stageRecordKey('*', '*');

/** What the stage table lets a stage touch: its inputs, its outputs, and the records that make a stage idempotent. */
export function stagePatterns(stage: Stage): KeyPatterns {
  const patternOf = (name: Stage['reads' | 'writes'][number]) => {
    if (name === 'raw') return 'raw/*';
    return name === 'current' ? CURRENT_KEY : artifactPattern(name);
  };
  const reads = stage.reads.map(patternOf);
  const writes = stage.writes.map(patternOf);
  const request = artifactPattern('request');
  return {
    // Writes are conditional: who finds something there reads it to tell an own attempt that died from another writer.
    read: [...new Set([...reads, ...writes, request, STAGE_RECORDS])],
    write: [
      ...writes,
      stageRecordKey('*', stage.name, stage.forEachItemOf && '*'),
      ...(stage === PIPELINE[0] ? [request] : []),
    ],
  };
}

/** Lets a function touch objects with these keys and see which keys there are, and nothing else. */
export function grantKeys(bucket: IBucket, role: IRole, patterns: KeyPatterns): void {
  // Without it S3 answers 403 in place of 404, and an artifact that is not there yet looks like one that is forbidden.
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
  for (const [access, keys] of Object.entries(patterns)) {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ACTIONS[access as Access],
        resources: keys.map((key) => bucket.arnForObjects(key)),
      }),
    );
    for (const key of keys.filter((pattern) => pattern.includes('*'))) {
      explainWildcard(role, `${arnOf(bucket)}/${key}`, REASON);
    }
  }
}

const REASON = 'The id of a run is not known beforehand: the pattern is one artifact, or the uploads, of every run.';

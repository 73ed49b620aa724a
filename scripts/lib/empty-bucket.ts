import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { ConfigurationError } from '../../engine/errors.ts';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';

/** Deletes every version of every object, which a bucket must lose before it can be deleted. @returns how many. */
export async function emptyBucket(bucket: string): Promise<number> {
  const client = newS3Client();
  for (let count = 0; ; ) {
    // What was listed is deleted, so the first page is always the next one.
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const versions = [...Versions, ...DeleteMarkers];
    if (versions.length === 0) return count;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Quiet: true, Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })) },
      }),
    );
    if (Errors.length > 0) {
      throw new ConfigurationError(
        `Cannot delete s3://${bucket}/${Errors[0].Key}: ${Errors[0].Message} Allow this identity s3:DeleteObjectVersion.`,
      );
    }
    count += versions.length;
  }
}

import {
  DeleteObjectsCommand,
  GetObjectCommand,
  type ObjectVersion as ListedVersion,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ConfigurationError, ConflictError } from '../../engine/errors.ts';

export interface ObjectVersion {
  key: string;
  versionId: string;
  /** Undefined of a deletion. */
  etag: string | undefined;
  isLatest: boolean;
  /** A deletion: it has no bytes. */
  isMarker: boolean;
}

/** Every version of every object below a prefix. */
export async function listVersions(client: S3Client, Bucket: string, Prefix: string): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  let position: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {};
  for (;;) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix,
        KeyMarker: position.NextKeyMarker,
        VersionIdMarker: position.NextVersionIdMarker,
      }),
    );
    for (const [versions, isMarker] of [
      [page.Versions, false],
      [page.DeleteMarkers, true],
    ] as const) {
      const listed: ListedVersion[] = versions ?? [];
      for (const { Key, VersionId, ETag, IsLatest } of listed) {
        found.push({ key: Key!, versionId: VersionId!, etag: ETag, isLatest: IsLatest === true, isMarker });
      }
    }
    if (page.IsTruncated !== true) return found;
    position = page;
  }
}

export async function readVersion(client: S3Client, Bucket: string, version: ObjectVersion): Promise<Uint8Array> {
  const { key: Key, versionId: VersionId } = version;
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body!.transformToByteArray();
}

/** S3 answers so when the object is no longer the version, is being written, or is gone. */
const CONFLICTS = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

/** Puts other bytes in the place of a latest version. @throws ConflictError when it is no longer the latest. */
export async function replaceVersion(
  client: S3Client,
  Bucket: string,
  { key: Key, etag: IfMatch }: ObjectVersion,
  Body: Uint8Array,
): Promise<void> {
  try {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, IfMatch }));
  } catch (cause) {
    if (!(cause instanceof S3ServiceException) || !CONFLICTS.includes(cause.name)) throw cause;
    throw new ConflictError(
      `s3://${Bucket}/${Key} was uploaded anew or deleted while it was searched, and was left as it is.`,
      { cause },
    );
  }
}

const MOST_AT_ONCE = 1_000;

/** Deletes them for good. @throws ConfigurationError when one may not be deleted. */
export async function deleteVersions(
  client: S3Client,
  Bucket: string,
  versions: readonly ObjectVersion[],
): Promise<void> {
  for (let start = 0; start < versions.length; start += MOST_AT_ONCE) {
    const Objects = versions
      .slice(start, start + MOST_AT_ONCE)
      .map(({ key: Key, versionId: VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects } }));
    if (Errors.length > 0) {
      throw new ConfigurationError(
        `Cannot delete s3://${Bucket}/${Errors[0].Key}: ${Errors[0].Message} Allow this identity s3:DeleteObjectVersion.`,
      );
    }
  }
}

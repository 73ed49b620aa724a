import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, messageOf } from '../../../engine/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { FileArtifactStore } from './file-artifact-store.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const S3_URI = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.*?))?\/?$/;

/**
 * @param uri `s3://bucket`, `s3://bucket/prefix` (taken as it is) or `file:///folder` (percent-encoded, as URLs are).
 * @throws ConfigurationError that names what was found, what is allowed and the fix.
 */
export async function openArtifactStore(uri: string): Promise<ArtifactStore> {
  if (uri.startsWith('s3:')) return openS3(uri);
  if (uri.startsWith('file:')) return openFolder(uri);
  throw invalidUri(uri, 'it starts with neither s3:// nor file://; a local folder is file:// and its absolute path');
}

async function openS3(uri: string): Promise<ArtifactStore> {
  const { bucket, prefix = '' } = S3_URI.exec(uri)?.groups ?? {};
  if (bucket === undefined) {
    throw invalidUri(uri, 'a bucket has 3 to 63 lower-case letters, digits, dots and hyphens');
  }
  if (prefix !== '' && prefix.split('/').some((name) => ['', '.', '..'].includes(name))) {
    throw invalidUri(uri, 'its prefix has an empty, "." or ".." part; remove that part');
  }
  // A local run does not pay for loading the SDK.
  const { S3ArtifactStore } = await import('./s3-artifact-store.ts');
  return new S3ArtifactStore(bucket, prefix);
}

async function openFolder(uri: string): Promise<ArtifactStore> {
  const folder = folderOf(uri);
  const stats = await stat(folder).catch(() => undefined);
  if (stats !== undefined && !stats.isDirectory()) throw invalidUri(uri, `${folder} is a file; name a folder`);
  return new FileArtifactStore(folder);
}

function folderOf(uri: string): string {
  if (!uri.startsWith('file:///')) throw invalidUri(uri, 'write three slashes and the absolute path');
  if (/[?#]/.test(uri)) throw invalidUri(uri, 'write "?" as %3F and "#" as %23');
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw invalidUri(uri, messageOf(cause), cause);
  }
}

function invalidUri(uri: string, problem: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    `The artifact store's URI is ${JSON.stringify(uri)}: ${problem}. Allowed are s3://bucket, s3://bucket/prefix and file:///absolute/folder.`,
    { cause },
  );
}

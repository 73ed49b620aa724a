import { S3ServiceException } from '@aws-sdk/client-s3';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { ConfigurationError, messageOf, UnavailableError } from '../../../engine/errors.ts';

/** What an operation does to which object, for messages and for the permission it needs. */
export interface S3Operation {
  action: 'read' | 'write' | 'list' | 'delete';
  bucket: string;
  /** Of the object, or the prefix of a listing. */
  key: string;
  region: string;
}

const PERMISSIONS = { read: 's3:GetObject', write: 's3:PutObject', list: 's3:ListBucket', delete: 's3:DeleteObject' };

/**
 * What the operator can mend gets a name and the fix. What passes by itself (throttling, time-outs, faults of S3 and of
 * the network, as the SDK tells them apart) becomes one error, which the state machine's Retry knows by name: the SDK's
 * own have many names, and those of the network none. The rest passes through as it is.
 *
 * Error codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function explainS3Error(error: unknown, operation: S3Operation): unknown {
  const { action, bucket, key } = operation;
  const found = `Cannot ${action} s3://${bucket}/${key}: ${messageOf(error).replace(/\.$/, '')}.`;
  const fix = fixOf(error, operation);
  if (fix !== undefined) return new ConfigurationError(`${found} ${fix}`, { cause: error });
  if (!passesByItself(error)) return error;
  return new UnavailableError(`${found} S3 is busy or out of reach: try again in a moment.`, { cause: error });
}

function passesByItself(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const known = error as Parameters<typeof isTransientError>[0] & { code?: string };
  // The last is of a body that ends too soon, which the SDK does not read.
  const endedTooSoon = known.code === 'ERR_STREAM_PREMATURE_CLOSE';
  return isThrottlingError(known) || isTransientError(known) || isServerError(known) || endedTooSoon;
}

function fixOf(error: unknown, { action, bucket, key, region }: S3Operation): string | undefined {
  switch (error instanceof Error ? error.name : undefined) {
    case 'NoSuchBucket':
      return `There is no bucket "${bucket}": check the store's URI, or create it (npm run deploy).`;
    case 'InvalidBucketName':
      return `"${bucket}" is no bucket's name: check the store's URI.`;
    case 'AccessDenied':
      return accessFix(action, bucket, key);
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return regionFix(error as Error, bucket, region);
    case 'CredentialsProviderError':
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return 'Check the AWS credentials: sign in again (aws login, aws sso login), or set AWS_PROFILE.';
    default:
      return messageOf(error) === 'Region is missing' ? 'Set AWS_REGION to the region of the bucket.' : undefined;
  }
}

function accessFix(action: S3Operation['action'], bucket: string, key: string): string {
  const resource = action === 'list' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
  const hint =
    action === 'read'
      ? ` and s3:ListBucket on arn:aws:s3:::${bucket}, without which a missing object looks the same`
      : '';
  return `Allow this identity ${PERMISSIONS[action]} on ${resource}${hint}; check the policies of the bucket and of its encryption key too.`;
}

function regionFix(error: Error, bucket: string, region: string): string {
  const headers = error instanceof S3ServiceException ? error.$response?.headers : undefined;
  const home = headers?.['x-amz-bucket-region'];
  const where = home === undefined ? 'in another region' : `in ${home}`;
  return `The bucket "${bucket}" is ${where}, the request went to ${region}: set AWS_REGION${home === undefined ? " to the bucket's region" : `=${home}`}.`;
}

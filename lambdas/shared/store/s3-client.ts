import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * Every S3 client of Alike. A custom endpoint, which the SDK takes from the environment as well, has no host name per
 * bucket: there the bucket goes into the path.
 */
export function newS3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    forcePathStyle: Boolean(process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL']),
    ...config,
  });
}

import { afterEach, expect, test, vi } from 'vitest';
import { newS3Client } from '../../../../lambdas/shared/store/s3-client.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['no endpoint', {}, false],
  ['an endpoint for every service', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, true],
  ['an endpoint for S3 alone', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, true],
])('with %s', (_, environment, inPath) => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) vi.stubEnv(name, '');
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

  expect(newS3Client().config.forcePathStyle).toBe(inPath);
});

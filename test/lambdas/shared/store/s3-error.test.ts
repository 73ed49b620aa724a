import { S3ServiceException } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { ConfigurationError, UnavailableError } from '../../../../engine/errors.ts';
import { explainS3Error } from '../../../../lambdas/shared/store/s3-error.ts';

const READ = { action: 'read', bucket: 'shop', key: 'raw/a.csv', region: 'eu-central-1' } as const;

const ofS3 = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: 'server', message: 'Because.', $metadata: { httpStatusCode } });
const ofNetwork = (code: string) => Object.assign(new Error(`read ${code}`), { code });
const named = (name: string) => Object.assign(new Error('Because.'), { name });

/** Names: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; time-outs: @smithy/node-http-handler. */
test.each<[string, Error]>([
  ['SlowDown', ofS3('SlowDown', 503)],
  ['ServiceUnavailable', ofS3('ServiceUnavailable', 503)],
  ['InternalError', ofS3('InternalError', 500)],
  ['RequestTimeout', ofS3('RequestTimeout', 400)],
  ['a 500 without a name', ofS3('UnknownError', 500)],
  ['a 429', ofS3('UnknownError', 429)],
  ['an odd 5xx', ofS3('UnknownError', 507)],
  ['Throttling', named('ThrottlingException')],
  ['a time-out', named('TimeoutError')],
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE'].map(
    (code): [string, Error] => [code, ofNetwork(code)],
  ),
])('%s is an error that is retried by its name', (_, error) => {
  const explained = explainS3Error(error, READ);
  expect(explained).toBeInstanceOf(UnavailableError);
  expect(explained).toMatchObject({
    name: 'UnavailableError',
    cause: error,
    message: `Cannot read s3://shop/raw/a.csv: ${error.message.replace(/\.$/, '')}. S3 is busy or out of reach: try again in a moment.`,
  });
});

test.each(['NoSuchBucket', 'AccessDenied', 'ExpiredToken'])('%s is for the operator, and not retried', (name) => {
  expect(explainS3Error(ofS3(name, 403), READ)).toBeInstanceOf(ConfigurationError);
});

test.each([ofS3('NoSuchKey', 404), ofS3('PreconditionFailed', 412), new TypeError('x is not a function'), 'text'])(
  'passes on %s as it is',
  (error) => {
    expect(explainS3Error(error, READ)).toBe(error);
  },
);

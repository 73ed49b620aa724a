import { randomBytes } from 'node:crypto';
import { type GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { UnavailableError } from '../../../../engine/errors.ts';
import { S3ArtifactStore } from '../../../../lambdas/shared/store/s3-artifact-store.ts';

const MIB = 2 ** 20;

/** As S3 answers GetObject. @param bodyAt the object as it is at the time of each request. */
function storeOf(bodyAt: (request: number) => Buffer) {
  const requests: string[] = [];
  const refusal = (name: string, httpStatusCode: number) =>
    new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
  const client = {
    config: { region: async () => 'eu-central-1' },
    async send({ input: { Range, IfMatch } }: GetObjectCommand) {
      const body = bodyAt(requests.length);
      const version = `"${body.length}-${body[0]}"`;
      requests.push(`${Range ?? 'all'} ${IfMatch ?? ''}`.trim());
      if (IfMatch !== undefined && IfMatch !== version) throw refusal('PreconditionFailed', 412);
      if (Range !== undefined && body.length === 0) throw refusal('InvalidRange', 416);
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(Range ?? `bytes=0-${body.length}`)!.map(Number);
      const bytes = body.subarray(first, last + 1);
      return {
        ETag: version,
        ContentLength: bytes.length,
        ...(Range !== undefined && { ContentRange: `bytes ${first}-${first + bytes.length - 1}/${body.length}` }),
        Body: { transformToByteArray: async () => bytes },
      };
    },
  };
  return { store: new S3ArtifactStore('bucket', '', client as unknown as S3Client), requests };
}

test('an object of more than 8 MiB is read in parts of one version', async () => {
  const body = randomBytes(20 * MIB);
  const { store, requests } = storeOf(() => body);
  const found = await store.get('index.bin');
  expect(Buffer.compare(found!.bytes, body)).toBe(0);
  const version = `"${body.length}-${body[0]}"`;
  expect(found!.version).toBe(version);
  expect(requests).toEqual([
    'bytes=0-8388607',
    `bytes=8388608-16777215 ${version}`,
    `bytes=16777216-25165823 ${version}`,
  ]);
});

test.each([1, 8 * MIB])('an object of %i bytes takes one request', async (size) => {
  const { store, requests } = storeOf(() => Buffer.alloc(size, 7));
  expect((await store.get('a'))!.bytes).toHaveLength(size);
  expect(requests).toHaveLength(1);
});

test('an empty object, which has no first byte to ask for, is empty', async () => {
  const { store, requests } = storeOf(() => Buffer.alloc(0));
  expect((await store.get('a'))!.bytes).toHaveLength(0);
  expect(requests).toEqual(['bytes=0-8388607', 'all']);
});

test('an object that is replaced while it is read is read anew', async () => {
  const [before, after] = [Buffer.alloc(9 * MIB, 1), Buffer.alloc(9 * MIB, 2)];
  const { store } = storeOf((request) => (request === 0 ? before : after));
  const found = await store.get('a');
  expect(new Set(found!.bytes)).toEqual(new Set([2]));
});

test('an object that is replaced again and again is given up', async () => {
  const { store } = storeOf((request) => Buffer.alloc(9 * MIB, request));
  await expect(store.get('a')).rejects.toThrow(UnavailableError);
  await expect(store.get('a')).rejects.toThrow('was replaced 3 times while it was being read: try again');
});

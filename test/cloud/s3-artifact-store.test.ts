import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigurationError, ConflictError } from '../../engine/errors.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { S3ArtifactStore } from '../../lambdas/shared/store/s3-artifact-store.ts';
import { describeArtifactStoreContract } from '../lambdas/shared/store/artifact-store-contract.ts';
import { type Fault, s3ErrorAnswer, startFaultyProxy } from './support/faulty-proxy.ts';

const ENDPOINT = process.env['AWS_ENDPOINT_URL']!;
const client = new S3Client({ forcePathStyle: true });
const bucket = `store-${randomUUID()}`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-s3-store-'));
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true, force: true }));

describeArtifactStoreContract('s3://bucket/prefix', () => openArtifactStore(`s3://${bucket}/pre fix/${randomUUID()}`));

describe('s3://bucket without a prefix', () => {
  test('has its keys at the root of the bucket', async () => {
    const whole = `whole-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: whole }));
    const store = await openArtifactStore(`s3://${whole}`);
    await store.put('raw/clicks.csv', 'a;b');
    expect((await client.send(new HeadObjectCommand({ Bucket: whole, Key: 'raw/clicks.csv' }))).ContentLength).toBe(3);
    expect(await store.list('')).toMatchObject([{ key: 'raw/clicks.csv', size: 3 }]);
  });
});

describe('beside what others keep in the bucket', () => {
  test('sees only its own prefix, and no folder placeholders of the S3 console', async () => {
    const store = new S3ArtifactStore(bucket, 'shop');
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'shop/raw/', Body: Buffer.of() }));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'shop/raw/clicks.csv', Body: 'a;b' }));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'shop-2/raw/clicks.csv', Body: 'a;b' }));
    expect((await store.list('')).map(({ key }) => key)).toEqual(['raw/clicks.csv']);
  });
});

describe('upload of a large file', () => {
  test('goes in parts', async () => {
    const local = await fileOf(12_000_000);
    const store = new S3ArtifactStore(bucket, 'multipart');
    await store.upload('large.bin', local);
    const { ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'multipart/large.bin' }));
    // Parts of 5 MiB. S3 puts their number after the hash.
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect((await store.get('large.bin'))!.version).toBe(ETag);
  });

  test('writes no object when it breaks off', async () => {
    const { store, direct } = await storeBehindProxy((connection) =>
      connection < 2 ? undefined : { cutAfterBytes: 0 },
    );
    await expect(store.upload('large.bin', await fileOf(12_000_000))).rejects.toThrow();
    expect(await direct.get('large.bin')).toBeUndefined();
  });
});

describe('a faulty network', () => {
  test('a conditional write whose answer got lost has won', async () => {
    const { store, proxy } = await storeBehindProxy(onFirst({ cutAfterBytes: 0 }));
    const version = await store.put('current.json', 'mine', { ifAbsent: true });
    expect(proxy.connections()).toBeGreaterThan(1);
    expect(await store.get('current.json')).toMatchObject({ version });
  });

  test('a conditional write that lost has lost, though its answer got lost too', async () => {
    const { store, direct, proxy } = await storeBehindProxy(onFirst({ cutAfterBytes: 0 }));
    await direct.put('current.json', 'theirs');
    await expect(store.put('current.json', 'mine', { ifAbsent: true })).rejects.toThrow(ConflictError);
    expect(proxy.connections()).toBeGreaterThan(1);
  });

  test('a conditional write that S3 answers with 409, since it saw another one, has lost', async () => {
    const answer = s3ErrorAnswer(
      '409 Conflict',
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
    );
    const { store } = await storeBehindProxy(() => ({ answer }));
    await expect(store.put('current.json', 'mine', { ifVersion: '"1"' })).rejects.toThrow(ConflictError);
  });

  test('throttling gets the name by which the state machine retries', async () => {
    const answer = s3ErrorAnswer('503 Slow Down', 'SlowDown', 'Please reduce your request rate.');
    const { store, proxy } = await storeBehindProxy(() => ({ answer }));
    await expect(store.put('a', 'x', { ifAbsent: true })).rejects.toMatchObject({
      name: 'UnavailableError',
      cause: { name: 'SlowDown' },
    });
    expect(proxy.connections()).toBe(3);
  });

  test('a body cut off once is read again, whole', async () => {
    const body = new Uint8Array(2_000_000).fill(7);
    const { store, direct, proxy } = await storeBehindProxy(onFirst({ cutAfterBytes: 1_000_000 }));
    await direct.put('index.bin', body);
    expect(Buffer.compare((await store.get('index.bin'))!.bytes, body)).toBe(0);
    expect(proxy.connections()).toBe(2);
  });

  test('a download cut off again and again leaves no file, and the earlier one as it was', async () => {
    const { store, direct } = await storeBehindProxy(() => ({ cutAfterBytes: 1_000_000 }));
    await direct.put('index.bin', new Uint8Array(2_000_000));
    const target = await mkdtemp(join(folder, 'download-'));
    const local = join(target, 'index.bin');
    await expect(store.download('index.bin', local)).rejects.toMatchObject({
      name: 'UnavailableError',
      cause: { code: 'ECONNRESET' },
    });
    expect(await readdir(target)).toEqual([]);
    await writeFile(local, 'earlier');
    await expect(store.download('index.bin', local)).rejects.toMatchObject({
      name: 'UnavailableError',
      cause: { code: 'ECONNRESET' },
    });
    expect(await readFile(local, 'utf8')).toBe('earlier');
    expect(await readdir(target)).toEqual(['index.bin']);
  });
});

describe('errors that the operator can mend', () => {
  test('a bucket that is not there', async () => {
    const store = new S3ArtifactStore('no-such-bucket', 'prefix');
    for (const { action, failure } of await failuresOf(store)) {
      expect(failure).toMatchObject({
        message: `Cannot ${action} s3://no-such-bucket/prefix/a: The specified bucket does not exist. There is no bucket "no-such-bucket": check the store's URI, or create it (npm run deploy).`,
        cause: { name: 'NoSuchBucket' },
      });
    }
  });

  test('access denied: the permission, the object and the bucket', async () => {
    // MiniStack takes an access key of twelve digits for another account's.
    const credentials = { accessKeyId: '222222222222', secretAccessKey: 'test' };
    const stranger = new S3Client({ forcePathStyle: true, credentials });
    const arn = `arn:aws:s3:::${bucket}`;
    const needs: Record<string, string> = {
      read: `s3:GetObject on ${arn}/prefix/a and s3:ListBucket on ${arn}, without which a missing object looks the same`,
      write: `s3:PutObject on ${arn}/prefix/a`,
      list: `s3:ListBucket on ${arn}`,
      delete: `s3:DeleteObject on ${arn}/prefix/a`,
    };
    for (const { action, failure } of await failuresOf(new S3ArtifactStore(bucket, 'prefix', stranger))) {
      expect(failure).toMatchObject({
        message: `Cannot ${action} s3://${bucket}/prefix/a: Access Denied. Allow this identity ${needs[action]}; check the policies of the bucket and of its encryption key too.`,
        cause: { name: 'AccessDenied' },
      });
    }
  });

  test('a bucket in another region', async () => {
    const elsewhere = new S3Client({ forcePathStyle: true, region: 'eu-central-1' });
    for (const { failure } of await failuresOf(new S3ArtifactStore(bucket, 'prefix', elsewhere))) {
      expect(failure).toMatchObject({
        message: expect.stringContaining(
          `The bucket "${bucket}" is in us-east-1, the request went to eu-central-1: set AWS_REGION=us-east-1.`,
        ),
      });
    }
  });

  test('no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    await expect(new S3ArtifactStore(bucket, 'prefix', new S3Client()).get('a')).rejects.toThrow(
      `Cannot read s3://${bucket}/prefix/a: Region is missing. Set AWS_REGION to the region of the bucket.`,
    );
  });

  test('no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    await expect(new S3ArtifactStore(bucket, 'prefix', new S3Client()).get('a')).rejects.toThrow(
      'Check the AWS credentials: sign in again (aws login, aws sso login), or set AWS_PROFILE.',
    );
  });
});

/** How each operation on `a` fails, after checking that it is the operator's to mend. */
async function failuresOf(store: S3ArtifactStore): Promise<{ action: string; failure: unknown }[]> {
  const local = await fileOf(1);
  const operations: [string, () => Promise<unknown>][] = [
    ['read', () => store.get('a')],
    ['read', () => store.download('a', local)],
    ['write', () => store.put('a', 'x')],
    ['write', () => store.put('a', 'x', { ifAbsent: true })],
    ['write', () => store.upload('a', local)],
    ['list', () => store.list('a')],
    ['delete', () => store.delete('a')],
  ];
  return Promise.all(
    operations.map(async ([action, operate]) => {
      const failure = await operate().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConfigurationError);
      return { action, failure };
    }),
  );
}

function onFirst(fault: Fault): (connection: number) => Fault | undefined {
  return (connection) => (connection === 0 ? fault : undefined);
}

/** The same empty store twice: behind a faulty network, and directly. */
async function storeBehindProxy(faultOf: (connection: number) => Fault | undefined) {
  const proxy = await startFaultyProxy(ENDPOINT, faultOf);
  onTestFinished(proxy.stop);
  const prefix = randomUUID();
  const proxied = new S3Client({ endpoint: proxy.endpoint, forcePathStyle: true });
  return {
    store: new S3ArtifactStore(bucket, prefix, proxied),
    direct: new S3ArtifactStore(bucket, prefix, client),
    proxy,
  };
}

async function fileOf(size: number): Promise<string> {
  const path = join(folder, randomUUID());
  await writeFile(path, new Uint8Array(size));
  return path;
}

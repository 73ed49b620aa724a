import { createHash } from 'node:crypto';
import {
  type DeleteObjectsCommand,
  type GetObjectCommand,
  type ListObjectVersionsCommand,
  type PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { ConfigurationError } from '../../../engine/errors.ts';
import { readCurrent } from '../../../lambdas/shared/runs/current.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { forgetVisitor } from '../../../scripts/forget/forget-visitor.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const OLD_RUN = '20261101T000000000Z-00000001';
const NEW_RUN = '20261102T000000000Z-00000002';
const OTHER_RUN = '20261103T000000000Z-00000003';
const CLICKS = 'session,product\nanna,p1\nbert,p2\n';

type Command = ListObjectVersionsCommand | GetObjectCommand | PutObjectCommand | DeleteObjectsCommand;

/** A bucket with versions, newest first, as S3 answers for it. */
class VersionedBucket {
  versions: { Key: string; VersionId: string; ETag: string; body: string }[] = [];
  beforeRead = () => {};
  #writes = 0;

  write(Key: string, body: string) {
    const ETag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.versions.unshift({ Key, VersionId: String(++this.#writes), ETag, body });
  }

  textsOf(key: string) {
    return this.versions.filter(({ Key }) => Key === key).map(({ body }) => body);
  }

  get client() {
    return { send: async (command: Command) => this.#answer(command) } as unknown as S3Client;
  }

  #answer({ input }: Command) {
    if ('Delete' in input) {
      const gone = new Set(input.Delete!.Objects!.map(({ VersionId }) => VersionId));
      this.versions = this.versions.filter(({ VersionId }) => !gone.has(VersionId));
      return {};
    }
    if ('Prefix' in input) {
      const found = this.versions.filter(({ Key }) => Key.startsWith(input.Prefix!));
      return { Versions: found.map((version) => ({ ...version, IsLatest: this.#latest(version.Key) === version })) };
    }
    if ('Body' in input) return this.#put(input as PutObjectCommand['input']);
    this.beforeRead();
    const { VersionId } = input as GetObjectCommand['input'];
    const { body } = this.versions.find((version) => version.VersionId === VersionId)!;
    return { Body: { transformToByteArray: async () => Buffer.from(body) } };
  }

  #put({ Key, Body, IfMatch }: PutObjectCommand['input']) {
    if (IfMatch !== undefined && this.#latest(Key!)?.ETag !== IfMatch) {
      throw new S3ServiceException({
        name: 'PreconditionFailed',
        $fault: 'client',
        $metadata: { httpStatusCode: 412 },
      });
    }
    this.write(Key!, Buffer.from(Body as Uint8Array).toString());
  }

  #latest(key: string) {
    return this.versions.find(({ Key }) => Key === key);
  }
}

let bucket: VersionedBucket;
let store: MemoryArtifactStore;
beforeEach(async () => {
  bucket = new VersionedBucket();
  store = new MemoryArtifactStore();
  bucket.write('raw/clicks.csv', CLICKS);
  bucket.write(artifactKey(OLD_RUN, 'serving'), 'index');
  await makeLive(OLD_RUN, null);
});

const makeLive = (runId: string, previous: string | null) =>
  putJson(store, CURRENT_KEY, { runId, publishedAt: '2026-11-23T10:00:00.000Z', previous });

const retrain = async () => {
  bucket.write(artifactKey(NEW_RUN, 'serving'), 'index');
  await makeLive(NEW_RUN, OLD_RUN);
  return NEW_RUN;
};

const forgetAnna = (train: () => Promise<string> = retrain, refuseSecondRun = async () => {}) =>
  forgetVisitor(
    { client: bucket.client, bucket: 'b', store, logRetentionDays: 30 },
    { column: 'session', ids: ['anna'] },
    { delimiter: undefined, encoding: 'utf-8', names: undefined },
    { retrain: train, refuseSecondRun },
  );

test('a visitor goes from every version, and so do the runs before', async () => {
  bucket.write('raw/clicks.csv', `${CLICKS}carl,p3\n`);
  expect(await forgetAnna()).toMatchObject({
    rewritten: { 'raw/clicks.csv': 1 },
    deletedVersions: 1,
    deletedRuns: [OLD_RUN],
    liveRun: NEW_RUN,
  });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual(['session,product\nbert,p2\ncarl,p3\n']);
  expect(bucket.textsOf(artifactKey(OLD_RUN, 'serving'))).toEqual([]);
  expect((await readCurrent(store))?.pointer).toMatchObject({ runId: NEW_RUN, previous: null });
});

test('where nothing is found, nothing is trained', async () => {
  bucket.versions = [];
  bucket.write('raw/clicks.csv', 'session,product\nbert,p2\n');
  const train = () => Promise.reject(new Error('trained'));
  expect(await forgetAnna(train)).toMatchObject({ rewritten: {}, deletedRuns: [], liveRun: null });
});

test('an upload of the same name meanwhile stays what it is; running it again takes the visitor out of it', async () => {
  const uploaded = 'session,product\nanna,p9\ncarl,p3\n';
  bucket.beforeRead = () => {
    bucket.beforeRead = () => {};
    bucket.write('raw/clicks.csv', uploaded);
  };
  await expect(forgetAnna()).rejects.toMatchObject({
    name: 'UnfinishedError',
    message: expect.stringMatching(
      /^s3:\/\/b\/raw\/clicks\.csv was uploaded anew .*Nothing was changed\..*Run the command again/,
    ),
  });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual([uploaded, CLICKS]);

  expect(await forgetAnna()).toMatchObject({ rewritten: { 'raw/clicks.csv': 1 }, deletedVersions: 1 });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual(['session,product\ncarl,p3\n']);
});

test('no run is deleted when another went live meanwhile; running it again does the rest', async () => {
  const overtaken = forgetAnna(async () => {
    await retrain();
    bucket.write(artifactKey(OTHER_RUN, 'serving'), 'index');
    await makeLive(OTHER_RUN, NEW_RUN);
    return NEW_RUN;
  });
  await expect(overtaken).rejects.toMatchObject({
    name: 'UnfinishedError',
    message: expect.stringMatching(`${OTHER_RUN} is live instead of ${NEW_RUN}.*Run the command again`),
  });
  for (const run of [OLD_RUN, NEW_RUN, OTHER_RUN]) expect(bucket.textsOf(artifactKey(run, 'serving'))).toHaveLength(1);

  expect(await forgetAnna()).toMatchObject({ deletedRuns: [OLD_RUN, OTHER_RUN], liveRun: NEW_RUN });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual(['session,product\nbert,p2\n']);
});

test('no run is deleted when another goes live just before', async () => {
  store.beforeRead = (key) => {
    store.beforeRead = () => {};
    // The pointer is read, and moved before it is written.
    if (key === CURRENT_KEY) queueMicrotask(() => makeLive(OLD_RUN, NEW_RUN));
  };
  await expect(forgetAnna()).rejects.toMatchObject({ name: 'UnfinishedError', cause: { name: 'ConflictError' } });
  expect(bucket.textsOf(artifactKey(OLD_RUN, 'serving'))).toHaveLength(1);
});

test('nothing is changed while a run is under way', async () => {
  const before = structuredClone(bucket.versions);
  const underWay = new ConfigurationError('Run r has been under way.');
  await expect(forgetAnna(retrain, () => Promise.reject(underWay))).rejects.toBe(underWay);
  expect(bucket.versions).toEqual(before);
});

test('when no run can be trained any more, it is said what was done and that it is to be run again', async () => {
  const failed = forgetAnna(() => Promise.reject(new ConfigurationError('Run r has been under way.')));
  await expect(failed).rejects.toMatchObject({
    name: 'UnfinishedError',
    message: expect.stringMatching(
      /^Run r has been under way\. So far, raw\/clicks\.csv was rewritten\. The visitor is not forgotten yet: .*Run the command again/,
    ),
  });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual(['session,product\nbert,p2\n', CLICKS]);

  expect(await forgetAnna()).toMatchObject({ deletedVersions: 1, deletedRuns: [OLD_RUN], liveRun: NEW_RUN });
  expect(bucket.textsOf('raw/clicks.csv')).toEqual(['session,product\nbert,p2\n']);
});

import {
  type DeleteObjectTaggingCommand,
  type GetObjectCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';

const RUNS = ['r1', 'r2', 'r3', 'r4', 'r5'];

vi.stubEnv('ALIKE_BUCKET', 'bucket');
vi.stubEnv('AWS_REGION', 'eu-central-1');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');

let pointer: { runId: string; publishedAt: string; previous: string | null };
let retired: Set<string>;
/** Holds back the listing of one invocation. */
let beforeList: () => Promise<void> | void;

const send = vi.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: unknown) => {
  if (command instanceof ListObjectsV2Command) {
    await beforeList();
    return {
      Contents: RUNS.map((run) => ({ Key: artifactKey(run, 'serving'), Size: 1, LastModified: new Date(0) })),
    };
  }
  const { Key } = (command as GetObjectCommand | PutObjectTaggingCommand | DeleteObjectTaggingCommand).input;
  if (Key === CURRENT_KEY) {
    const body = Buffer.from(JSON.stringify(pointer));
    return { Body: { transformToByteArray: async () => body }, ETag: '"1"', ContentLength: body.length };
  }
  const run = RUNS.find((id) => Key === artifactKey(id, 'serving'))!;
  if (command instanceof PutObjectTaggingCommand) retired.add(run);
  else retired.delete(run);
  return {};
});
afterAll(() => {
  send.mockRestore();
  vi.unstubAllEnvs();
});

const { handler } = await import('../../../lambdas/retire-runs/handler.ts');
const invoke = () => handler({}, { awsRequestId: 'a', functionName: 'retire-runs' } as Context);
const moveTo = (runId: string, previous: string | null) => {
  pointer = { runId, publishedAt: `after ${previous}`, previous };
};

beforeEach(() => {
  retired = new Set();
  beforeList = () => {};
  moveTo('r5', 'r4');
});

test('older runs get the tag that lets them expire, and what became live again loses it', async () => {
  await invoke();
  expect([...retired]).toEqual(['r1', 'r2', 'r3']);
  moveTo('r3', 'r5');
  await invoke();
  expect([...retired]).toEqual(['r1', 'r2']);
});

test('an invocation that another one overtakes retires nothing that became live', async () => {
  const gate = Promise.withResolvers<void>();
  const listing = Promise.withResolvers<void>();
  beforeList = () => {
    beforeList = () => {};
    listing.resolve();
    return gate.promise;
  };
  const first = invoke();
  await listing.promise;
  moveTo('r3', 'r5');
  await invoke();
  gate.resolve();
  await first;
  expect([...retired]).toEqual(['r1', 'r2']);
});

import { isDeepStrictEqual } from 'node:util';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DeleteObjectTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import { RUNS_PREFIX, runOfKey } from '../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';
import { readVariable } from '../shared/configuration.ts';
import { logger } from '../shared/observability.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { S3ArtifactStore } from '../shared/store/s3-artifact-store.ts';
import { newS3Client } from '../shared/store/s3-client.ts';
import { tracing } from '../shared/tracing.ts';
import { RETIRED_TAG, retiredRuns } from './retired-runs.ts';

const bucket = readVariable('ALIKE_BUCKET');
const s3 = newS3Client();
const store = new S3ArtifactStore(bucket, '', s3);

const PARALLEL_REQUESTS = 20;

/**
 * Whenever `current.json` moves, forward or back: says which runs the bucket's lifecycle may take away. Another invocation
 * may overlap this one, and the pointer may move under it: whoever ends last has tagged by what is live then.
 */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(tracing)
  .handler(async (_event: unknown) => {
    let current = await readPointer();
    while (current !== undefined) {
      await tagBy(current);
      const now = await readPointer();
      if (isDeepStrictEqual(now, current)) return;
      current = now;
    }
  });

async function readPointer(): Promise<CurrentPointer | undefined> {
  return (await readCurrent(store))?.pointer;
}

async function tagBy(current: CurrentPointer): Promise<void> {
  const objects = (await store.list(RUNS_PREFIX)).map(({ key }) => ({ key, runId: runOfKey(key) }));
  const retired = retiredRuns([...new Set(objects.map(({ runId }) => runId))], current);
  for (let start = 0; start < objects.length; start += PARALLEL_REQUESTS) {
    await Promise.all(
      objects.slice(start, start + PARALLEL_REQUESTS).map(({ key, runId }) => tag(key, retired.has(runId))),
    );
  }
  logger.info('Runs retired', { live: current.runId, previous: current.previous, retired: [...retired] });
}

async function tag(key: string, isRetired: boolean): Promise<void> {
  const TagSet = Object.entries(RETIRED_TAG).map(([Key, Value]) => ({ Key, Value }));
  const object = { Bucket: bucket, Key: key };
  if (isRetired) await s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }));
  else await s3.send(new DeleteObjectTaggingCommand(object));
}

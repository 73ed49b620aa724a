import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { InputError } from '../../engine/errors.ts';
import { readVariable } from '../shared/configuration.ts';
import { notify } from '../shared/notification.ts';
import { logger } from '../shared/observability.ts';
import { runIdOf } from '../shared/runs/run-id.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { S3ArtifactStore } from '../shared/store/s3-artifact-store.ts';
import { newS3Client } from '../shared/store/s3-client.ts';
import { tracing } from '../shared/tracing.ts';
import { failedRecord } from './failed-record.ts';
import { type FeedSource, loadFeed } from './load-feed.ts';
import { type FeedUpload, readOptions, readUpload } from './upload-event.ts';

const bucket = readVariable('ALIKE_BUCKET');
const topicArn = readVariable('ALIKE_TOPIC_ARN');
const s3 = newS3Client();
const store = new S3ArtifactStore(bucket, '', s3);

/**
 * Loads each feed that is uploaded under `catalogue/feeds/`, and tells the operator of one that did not go live for a fault
 * of its own, and of an upload that nobody reads. What is thrown is tried again, and ends in the dead-letter queue.
 */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(tracing)
  .handler(async (event: unknown, { awsRequestId }: Context): Promise<void> => {
    const upload = readUpload(event);
    if (upload === undefined) return;
    if ('reason' in upload) {
      logger.error('The upload was not read', { ...upload });
      await notify(topicArn, `${upload.key} was not read`, upload.reason);
      return;
    }
    const record = await load(upload, awsRequestId);
    if (record === undefined) {
      logger.info('The upload was loaded before', { ...upload });
      return;
    }
    const { version, outcome, reason, counts, facts, changes, notes } = record;
    const isFault = outcome === 'refused' || outcome === 'failed';
    logger[isFault ? 'error' : 'info']('Feed considered', {
      ...upload,
      version,
      outcome,
      reason,
      counts,
      facts,
      changes,
      notes,
    });
    if (isFault)
      await notify(topicArn, `${upload.key} ${outcome}`, `${reason}\n\ncatalogue/${version}/feed.json says more.`);
  });

async function load({ key, kind, versionId }: FeedUpload, requestId: string): Promise<FeedRecord | undefined> {
  const source = await sourceOf(key, versionId);
  const now = () => new Date().toISOString();
  let attempts = 0;
  const newVersion = () => runIdOf({ id: `${requestId}-${attempts++}`, startedAt: now() });
  try {
    return await loadFeed({ store, now, newVersion }, source, { ...(await readOptions(store, key)), kind });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Another attempt would find the same file.
    const record = failedRecord(source, { version: newVersion(), loadedAt: now(), kind, reason: error.message });
    await putJson(store, catalogueKey(record.version, 'feed'), record);
    return record;
  }
}

/** That version of the object which the event is about: a shop may upload to the same key every hour. */
async function sourceOf(key: string, versionId: string | undefined): Promise<FeedSource> {
  const object = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
  const { ETag, LastModified, ContentLength } = await s3.send(new HeadObjectCommand(object));
  return {
    name: key,
    id: `${key}@${versionId ?? ETag}`,
    uploadedAt: LastModified!.toISOString(),
    sizeBytes: ContentLength!,
    async download(path) {
      const { Body } = await s3.send(new GetObjectCommand({ ...object, IfMatch: ETag }));
      await pipeline(Body as Readable, createWriteStream(path));
    },
  };
}

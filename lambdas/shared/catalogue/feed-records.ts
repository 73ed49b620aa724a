import {
  CATALOGUE_VERSIONS_PREFIX,
  catalogueArtifactOf,
  catalogueKey,
} from '../../../engine/catalogue/catalogue-keys.ts';
import { type FeedRecord, feedRecordSchema } from '../../../engine/catalogue/feed-record.ts';
import type { ArtifactError } from '../../../engine/errors.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { readJsonArtifact, readJsonIfSound } from '../store/json-artifact.ts';

/** @returns undefined when there is no such version. @throws ArtifactError when its record cannot be read. */
export function readFeedRecord(store: ArtifactStore, version: string): Promise<FeedRecord | undefined> {
  return readJsonArtifact(store, catalogueKey(version, 'feed'), feedRecordSchema);
}

/** Of all feeds whose records are there, the newest first. @param onFault is told which cannot be read. */
export async function listFeedRecords(
  store: ArtifactStore,
  onFault: (error: ArtifactError) => void,
): Promise<FeedRecord[]> {
  const objects = await store.list(CATALOGUE_VERSIONS_PREFIX);
  const keys = objects.map(({ key }) => key).filter((key) => catalogueArtifactOf(key)?.name === 'feed');
  const records = await Promise.all(keys.map((key) => readJsonIfSound(store, key, feedRecordSchema, onFault)));
  return records.filter((record) => record !== undefined).reverse();
}

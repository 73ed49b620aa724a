import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CATALOGUE_VERSIONS_PREFIX,
  catalogueArtifactOf,
  FEEDS_PREFIX,
  optionsKeysOf,
} from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { UnavailableError } from '../../engine/errors.ts';
import type { LoadOptions } from '../../lambdas/catalogue/load-feed.ts';
import { readFeedRecord } from '../../lambdas/shared/catalogue/feed-records.ts';
import { type ArtifactStore, putJson } from '../../lambdas/shared/store/artifact-store.ts';
import { requireFeedFile } from './load-locally.ts';

const POLL_INTERVAL_MS = 2_000;
/** As long as the function may take, and once more for a first attempt that failed. */
const PATIENCE_MS = 30 * 60_000;

/**
 * Uploads a feed to a deployment, as a shop's own export would, and waits for what becomes of it.
 *
 * @throws UnavailableError when nothing has become of it.
 */
export async function loadInCloud(
  feed: string,
  store: ArtifactStore,
  { kind, ...options }: LoadOptions,
  screen: { write(text: string): unknown },
): Promise<FeedRecord> {
  const { path } = await requireFeedFile(feed);
  const known = new Set(await versions(store));
  // A name of its own: options that were typed once are not those of the next upload.
  const key = `${FEEDS_PREFIX}${kind}/${new Date().toISOString().replaceAll(/[-:.]/g, '')}-${basename(path)}`;
  if (Object.keys(options).length > 0) await putJson(store, optionsKeysOf(key).at(-1)!, options);
  await store.upload(key, path);
  screen.write(`Uploaded ${store.uri}/${key}; waiting for it to be loaded.\n`);
  for (const endMs = Date.now() + PATIENCE_MS; Date.now() < endMs; await sleep(POLL_INTERVAL_MS)) {
    for (const version of await versions(store)) {
      if (known.has(version)) continue;
      const record = await readFeedRecord(store, version);
      if (record?.feed.name === key) return record;
      known.add(version);
    }
  }
  throw new UnavailableError(
    `Nothing became of ${key} in ${PATIENCE_MS / 60_000} minutes: look at the log of the function "catalogue" and at the queue FailedEvents.`,
  );
}

/** Those that have a record: it is written before a catalogue goes live. */
async function versions(store: ArtifactStore): Promise<string[]> {
  const objects = await store.list(CATALOGUE_VERSIONS_PREFIX);
  return objects.flatMap(({ key }) => {
    const artifact = catalogueArtifactOf(key);
    return artifact?.name === 'feed' ? [artifact.version] : [];
  });
}

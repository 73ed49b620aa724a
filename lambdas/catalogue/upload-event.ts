import * as z from 'zod';
import { FEEDS_PREFIX, isOptionsOfFeeds, kindOfFeed, optionsKeysOf } from '../../engine/catalogue/catalogue-keys.ts';
import { type FeedOptions, parseFeedOptions } from '../../engine/catalogue/feed-options.ts';
import { InputError } from '../../engine/errors.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/** One version of an object that was uploaded as a feed. */
export interface FeedUpload {
  key: string;
  kind: 'full' | 'delta';
  /** Of a bucket without versions, none. */
  versionId: string | undefined;
}

/** An object that nobody reads, most likely in the wrong folder. */
export interface StrayUpload {
  key: string;
  reason: string;
}

/** "Object Created", as S3 tells it by way of EventBridge. */
const eventSchema = z.object({
  detail: z.object({ object: z.object({ key: z.string().min(1), 'version-id': z.string().min(1).optional() }) }),
});

/** @returns undefined for a folder and for options, which are read with a feed. @throws InputError when the event is no upload. */
export function readUpload(event: unknown): FeedUpload | StrayUpload | undefined {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new InputError(`The event is no upload as EventBridge tells it:\n${z.prettifyError(parsed.error)}`);
  }
  const { key, 'version-id': versionId } = parsed.data.detail.object;
  const kind = kindOfFeed(key);
  if (kind !== undefined) return { key, kind, versionId };
  if (key.endsWith('/') || isOptionsOfFeeds(key)) return undefined;
  const reason =
    `${key} was not read: feeds stand in ${FEEDS_PREFIX}full/ or ${FEEDS_PREFIX}delta/, spelled so, and options in ${FEEDS_PREFIX}options.json, ` +
    'in the options.json of one of these folders, or beside a feed as FEED.options.json. Upload it there.';
  return { key, reason };
}

/** What the shop says of all feeds, of those of this kind, and of this one. @throws InputError naming the file that is wrong. */
export async function readOptions(store: ArtifactStore, feedKey: string): Promise<FeedOptions> {
  let options: FeedOptions = {};
  for (const key of optionsKeysOf(feedKey)) {
    const object = await store.get(key);
    if (object === undefined) continue;
    const { columns, ...others } = parseFeedOptions(new TextDecoder().decode(object.bytes), key);
    options = { ...options, ...others, columns: { ...options.columns, ...columns } };
  }
  return options;
}

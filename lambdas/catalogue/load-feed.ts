import { join } from 'node:path';
import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { factsOf } from '../../engine/catalogue/catalogue-facts.ts';
import { encodeCatalogue, encodePatch } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedOptions } from '../../engine/catalogue/feed-options.ts';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { faultsOfFeed } from '../../engine/catalogue/judge-feed.ts';
import { type KeptProducts, keptProducts } from '../../engine/catalogue/kept-products.ts';
import { type FeedEntry, placeFeed, type Step } from '../../engine/catalogue/lineage.ts';
import { type ReadFeed, readFeed } from '../../engine/catalogue/read-feed.ts';
import { literal } from '../../engine/clicks/sql.ts';
import { ArtifactError, ConflictError, NotFoundError } from '../../engine/errors.ts';
import {
  type CurrentCatalogue,
  inspectCurrentCatalogue,
  moveCurrentCatalogue,
} from '../shared/catalogue/current-catalogue.ts';
import { readFeedRecord } from '../shared/catalogue/feed-records.ts';
import { openFeedFile } from '../shared/catalogue/open-feed-file.ts';
import { deleteCatalogue, retireCatalogues } from '../shared/catalogue/retire-catalogues.ts';
import { withDatabase } from '../shared/duckdb/duckdb.ts';
import { type ArtifactStore, putJson } from '../shared/store/artifact-store.ts';
import { applyToLive, type Composed, composeCatalogue, type OwnRows, readCatalogue } from './compose.ts';
import { notesOf } from './feed-notes.ts';

/** One upload of a feed. */
export interface FeedSource {
  name: string;
  /** Names this upload of it. */
  id: string;
  /** ISO 8601, UTC: decides between feeds. */
  uploadedAt: string;
  sizeBytes: number;
  download(path: string): Promise<void>;
}

export interface LoadOptions extends FeedOptions {
  kind: 'full' | 'delta';
}

export interface LoadContext {
  store: ArtifactStore;
  /** ISO 8601, UTC. */
  now(): string;
  /** Unique each time, and sorted by the time. */
  newVersion(): string;
  /**
   * Whether a live catalogue only fills the place until the shop loads its own: no full feed is compared with it, and no
   * delta changes it. @default - none does
   */
  isPlaceholder?(live: FeedRecord): Promise<boolean>;
}

/** Other feeds that go live meanwhile are taken into account, so often. */
const MOST_ATTEMPTS = 5;

/**
 * Reads a feed and makes it live, unless it would lose too much or was overtaken. Nothing is live until all of it is
 * written.
 *
 * @returns its record, which stands in `catalogue/<version>/feed.json`; undefined when the same upload was loaded before.
 * @throws InputError when the file as a whole cannot be used. @throws NotFoundError for a delta without a catalogue.
 * @throws ArtifactError when what a delta changes cannot be read. @throws ConflictError when other feeds were faster each time:
 * nothing of it is left then.
 */
export function loadFeed(
  context: LoadContext,
  source: FeedSource,
  options: LoadOptions,
): Promise<FeedRecord | undefined> {
  return withDatabase(async (database, folder) => {
    const path = join(folder, 'source');
    await source.download(path);
    const { file, sha256, linesOfItems } = await openFeedFile(path, source.name, options.encoding);
    const read = await readFeed(database, file, options, folder, linesOfItems);
    const rejects = join(folder, 'rejected_rows.parquet');
    await database.run(
      `COPY (SELECT * FROM rejected_rows ORDER BY file, line) TO ${literal(rejects)} (FORMAT parquet)`,
    );
    for (let attempt = 1; ; attempt++) {
      const version = context.newVersion();
      try {
        return await publish(context, { source, options, sha256, read, rejects }, version);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        // Its record says that it is live.
        await deleteCatalogue(context.store, version);
        if (attempt === MOST_ATTEMPTS) throw error;
      }
    }
  });
}

interface OpenedFeed {
  source: FeedSource;
  options: LoadOptions;
  sha256: string;
  read: ReadFeed;
  /** A local file. */
  rejects: string;
}

/** @throws ConflictError when another feed went live meanwhile. */
async function publish(context: LoadContext, feed: OpenedFeed, version: string): Promise<FeedRecord | undefined> {
  const { store } = context;
  const { source, options, read } = feed;
  const current = await inspectCurrentCatalogue(store);
  const found = await liveRecord(store, current, options.kind);
  const placeholder = found !== undefined && (await context.isPlaceholder?.(found)) ? found : undefined;
  const live = placeholder === undefined ? found : undefined;
  const entry: FeedEntry = { version, id: source.id, uploadedAt: source.uploadedAt };
  const step = placeFeed(live?.lineage, options.kind, entry);
  if (step === undefined) {
    const what =
      placeholder === undefined
        ? `There is no catalogue in ${store.uri} that ${source.name} could change`
        : `The catalogue ${placeholder.version} in ${store.uri} is a sample, and ${source.name} has nothing of yours to change`;
    throw new NotFoundError(`${what}: load a full feed first.`);
  }
  if (step.kind === 'repeated') return undefined;
  const record: FeedRecord = {
    version,
    loadedAt: context.now(),
    kind: options.kind,
    feed: {
      name: source.name,
      id: source.id,
      uploadedAt: source.uploadedAt,
      sizeBytes: source.sizeBytes,
      sha256: feed.sha256,
    },
    outcome: 'live',
    reason: 'It is live.',
    forced: false,
    counts: { rows: read.acceptedRows, rejectedRows: read.rejectedRows, repeatedIds: read.repeatedIds },
    ...(read.firstReject !== undefined && { firstReject: read.firstReject }),
    notes: [],
  };
  await store.upload(catalogueKey(version, 'rejected_rows'), feed.rejects);
  if (step.kind === 'outdated') {
    const outdated: FeedRecord = {
      ...record,
      outcome: 'outdated',
      reason: `The full feed of ${step.by.uploadedAt}, which was uploaded later, was loaded before.`,
    };
    await putJson(store, catalogueKey(version, 'feed'), outdated);
    return outdated;
  }
  const { catalogue, changes } = await composed(store, step, read, options.kind, version, live?.version);
  const facts = factsOf(catalogue);
  const kept = live === undefined ? undefined : await keptOfLive(store, live.version, catalogue, options.kind);
  const faults = faultsOfFeed({ ...read, rows: read.acceptedRows, facts, kept }, live?.facts);
  const isForced = faults.length > 0 && options.force === true;
  const judged: FeedRecord = {
    ...record,
    ...(faults.length > 0 && {
      outcome: isForced ? 'live' : 'refused',
      reason: `${isForced ? 'Live by force' : 'Refused'}: ${faults.join(' ')}`,
    }),
    forced: isForced,
    ...(changes !== undefined && { changes }),
    facts,
    ...(live?.facts !== undefined && { before: live.facts }),
    lineage: step.lineage,
    notes: [
      ...(placeholder === undefined ? [] : [`The sample catalogue ${placeholder.version} makes way for it.`]),
      ...notesOf({
        ...read,
        catalogue,
        facts,
        before: live?.facts,
        doubtfulPrices: read.builder.doubtfulPrices,
        leftOut: read.builder.leftOut,
        changes,
      }),
    ],
  };
  await store.put(catalogueKey(version, 'catalogue'), encodeCatalogue(catalogue));
  await putJson(store, catalogueKey(version, 'feed'), judged);
  if (judged.outcome === 'live') {
    await retireCatalogues(store, await moveCurrentCatalogue(store, version, record.loadedAt, current));
  }
  return judged;
}

/** Writes the feed's own rows where the catalogue has others as well. */
async function composed(
  store: ArtifactStore,
  step: Extract<Step, { lineage: unknown }>,
  { builder }: ReadFeed,
  kind: 'full' | 'delta',
  version: string,
  live: string | undefined,
): Promise<Composed> {
  const own: OwnRows =
    kind === 'full' ? { kind, catalogue: builder.finish(version) } : { kind, patch: builder.finishPatch(version) };
  if (step.kind === 'next' && own.kind === 'full') return { catalogue: own.catalogue, changes: undefined };
  const file = own.kind === 'full' ? encodeCatalogue(own.catalogue) : encodePatch(own.patch);
  const [composition] = await Promise.all([
    step.kind === 'next' && own.kind === 'delta'
      ? applyToLive(store, live!, own.patch, version)
      : composeCatalogue(store, step.lineage, own, version),
    store.put(catalogueKey(version, 'own_rows'), file),
  ]);
  return composition;
}

/** Of a delta undefined: it takes away what it names alone. So where what is live cannot be read, see `liveRecord`. */
async function keptOfLive(
  store: ArtifactStore,
  live: string,
  catalogue: Catalogue,
  kind: 'full' | 'delta',
): Promise<KeptProducts | undefined> {
  if (kind === 'delta') return undefined;
  try {
    return keptProducts(await readCatalogue(store, live), catalogue);
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

/** A full feed needs nothing of what is live: it mends a pointer or a record that cannot be read. */
async function liveRecord(
  store: ArtifactStore,
  current: CurrentCatalogue | undefined,
  kind: 'full' | 'delta',
): Promise<FeedRecord | undefined> {
  try {
    if (current?.fault !== undefined) throw current.fault;
    return current?.pointer === undefined ? undefined : await readFeedRecord(store, current.pointer.version);
  } catch (error) {
    if (kind === 'full' && error instanceof ArtifactError) return undefined;
    throw error;
  }
}

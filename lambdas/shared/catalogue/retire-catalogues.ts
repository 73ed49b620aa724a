import { isDeepStrictEqual } from 'node:util';
import {
  CATALOGUE_VERSIONS_PREFIX,
  type CataloguePointer,
  catalogueArtifactOf,
} from '../../../engine/catalogue/catalogue-keys.ts';
import { type Lineage, versionsOf } from '../../../engine/catalogue/lineage.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { inspectCurrentCatalogue } from './current-catalogue.ts';
import { readFeedRecord } from './feed-records.ts';

/** Kept whole, so that a person can look back and promote what was refused. With hourly prices: the last ten hours. */
const NEWEST_KEPT = 10;

/**
 * Deletes old versions. What is live and what a rollback returns to stay, and so do the feeds' own rows that these two
 * can be composed of anew.
 *
 * @param pointer what is live. When it moved meanwhile, nothing is deleted.
 */
export async function retireCatalogues(store: ArtifactStore, pointer: CataloguePointer): Promise<void> {
  const artifacts = await listArtifacts(store);
  const versions = [...new Set(artifacts.map(({ version }) => version))].sort();
  if (versions.length <= NEWEST_KEPT) return;
  const lineages = await Promise.all([pointer.version, pointer.previous].map((version) => lineageOf(store, version)));
  const whole = new Set([...versions.slice(-NEWEST_KEPT), pointer.version, pointer.previous]);
  const parts = new Set<string>();
  for (const lineage of lineages) {
    if (lineage === undefined) continue;
    whole.add(lineage.base.version);
    for (const version of versionsOf(lineage)) parts.add(version);
  }
  const isRetired = ({ version, name }: (typeof artifacts)[number]) =>
    !whole.has(version) && (!parts.has(version) || name === 'catalogue');
  const retired = artifacts.filter(isRetired);
  if (retired.length === 0) return;
  // A person may have promoted one of these since. The next feed retires what is left.
  if (!isDeepStrictEqual((await inspectCurrentCatalogue(store))?.pointer, pointer)) return;
  for (const { key } of retired) await store.delete(key);
}

/** All that a feed wrote which did not go live, since another one was faster. */
export async function deleteCatalogue(store: ArtifactStore, version: string): Promise<void> {
  const pointer = (await inspectCurrentCatalogue(store))?.pointer;
  // Of the write that made it live, the answer may have been lost.
  if (pointer?.version === version || pointer?.previous === version) return;
  const artifacts = (await listArtifacts(store)).filter((artifact) => artifact.version === version);
  for (const { key } of artifacts) await store.delete(key);
}

async function listArtifacts(store: ArtifactStore) {
  return (await store.list(CATALOGUE_VERSIONS_PREFIX)).flatMap(({ key }) => {
    const artifact = catalogueArtifactOf(key);
    return artifact === undefined ? [] : [{ key, ...artifact }];
  });
}

async function lineageOf(store: ArtifactStore, version: string | null): Promise<Lineage | undefined> {
  if (version === null) return undefined;
  try {
    return (await readFeedRecord(store, version))?.lineage;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return undefined;
  }
}

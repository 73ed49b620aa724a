import { applyPatch, type FeedPatch, type PatchCounts } from '../../engine/catalogue/apply-patch.ts';
import { type Catalogue, newCatalogue } from '../../engine/catalogue/catalogue.ts';
import { decodeCatalogue, decodePatch } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedEntry, Lineage } from '../../engine/catalogue/lineage.ts';
import { ArtifactError } from '../../engine/errors.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/** A feed's own rows. */
export type OwnRows = { kind: 'full'; catalogue: Catalogue } | { kind: 'delta'; patch: FeedPatch };

export interface Composed {
  catalogue: Catalogue;
  /** Of the feed, where it is a delta. */
  changes: PatchCounts | undefined;
}

/** The live catalogue with a delta that comes last. @throws ArtifactError when the live one cannot be read. */
export async function applyToLive(
  store: ArtifactStore,
  live: string,
  patch: FeedPatch,
  version: string,
): Promise<Composed> {
  const { catalogue, counts } = applyPatch(await readCatalogue(store, live), patch, version);
  return { catalogue, changes: counts };
}

/** All feeds of a lineage one after the other. @param own the rows of the feed that its entry with `version` is of. */
export async function composeCatalogue(
  store: ArtifactStore,
  { base, deltas }: Lineage,
  own: OwnRows,
  version: string,
): Promise<Composed> {
  let catalogue = base.version === version && own.kind === 'full' ? own.catalogue : await readBase(store, base);
  let changes: PatchCounts | undefined;
  for (const delta of deltas) {
    const isOwn = delta.version === version && own.kind === 'delta';
    const applied = applyPatch(catalogue, isOwn ? own.patch : await readPatch(store, delta), version);
    catalogue = applied.catalogue;
    if (isOwn) changes = applied.counts;
  }
  return { catalogue: newCatalogue(version, catalogue.encodedIds, catalogue.fields), changes };
}

/** A full feed that came late has its own rows beside the catalogue that they became part of. */
async function readBase(store: ArtifactStore, { version }: FeedEntry): Promise<Catalogue> {
  const own = await store.get(catalogueKey(version, 'own_rows'));
  return own === undefined ? readCatalogue(store, version) : decodeCatalogue(own.bytes, version);
}

async function readPatch(store: ArtifactStore, { version }: FeedEntry): Promise<FeedPatch> {
  const key = catalogueKey(version, 'own_rows');
  const object = await store.get(key);
  if (object === undefined) throw goneMissing(store, key);
  return decodePatch(object.bytes, version);
}

/** @throws ArtifactError when it cannot be read. */
export async function readCatalogue(store: ArtifactStore, version: string): Promise<Catalogue> {
  const key = catalogueKey(version, 'catalogue');
  const object = await store.get(key);
  if (object === undefined) throw goneMissing(store, key);
  return decodeCatalogue(object.bytes, version);
}

function goneMissing(store: ArtifactStore, key: string): ArtifactError {
  return new ArtifactError(
    `The live catalogue is made of ${key}, which is not in ${store.uri}: load a full feed, which needs nothing from before.`,
  );
}

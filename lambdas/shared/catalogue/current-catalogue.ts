import { isDeepStrictEqual } from 'node:util';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { decodeWholeCatalogue } from '../../../engine/catalogue/catalogue-file.ts';
import {
  CATALOGUE_CURRENT_KEY,
  type CataloguePointer,
  catalogueKey,
  cataloguePointerSchema,
} from '../../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError, NotFoundError } from '../../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';
import { suggest, suggestWithoutStore } from '../store/suggested-command.ts';

/** What is live, with the version of the pointer that `moveCurrentCatalogue` needs. */
export interface CurrentCatalogue {
  /** Undefined when it cannot be read: `fault` says why. */
  pointer: CataloguePointer | undefined;
  fault: ArtifactError | undefined;
  pointerVersion: string;
}

/** @returns undefined when no catalogue was loaded yet. */
export async function inspectCurrentCatalogue(store: ArtifactStore): Promise<CurrentCatalogue | undefined> {
  const object = await store.get(CATALOGUE_CURRENT_KEY);
  if (object === undefined) return undefined;
  const { bytes, version: pointerVersion } = object;
  const name = `${CATALOGUE_CURRENT_KEY} in ${store.uri}`;
  try {
    return { pointer: decodeJsonArtifact(bytes, name, cataloguePointerSchema), fault: undefined, pointerVersion };
  } catch (cause) {
    const fault = new ArtifactError(
      `${name} is not {version, publishedAt, previous}: load a full feed (${suggestWithoutStore(store, 'catalogue -- FEED')}), which mends it.`,
      { cause },
    );
    return { pointer: undefined, fault, pointerVersion };
  }
}

/** @returns undefined when no catalogue was loaded yet. @throws ArtifactError when the pointer cannot be read. */
export async function readCataloguePointer(store: ArtifactStore): Promise<CataloguePointer | undefined> {
  const current = await inspectCurrentCatalogue(store);
  if (current?.fault !== undefined) throw current.fault;
  return current?.pointer;
}

/**
 * Makes a catalogue live by one conditional write.
 *
 * @param from what was read before deciding. @returns the new pointer. @throws ConflictError when somebody else moved it
 * since.
 */
export async function moveCurrentCatalogue(
  store: ArtifactStore,
  version: string,
  publishedAt: string,
  from: CurrentCatalogue | undefined,
): Promise<CataloguePointer> {
  const pointer: CataloguePointer = { version, publishedAt, previous: from?.pointer?.version ?? null };
  const condition = from === undefined ? { ifAbsent: true as const } : { ifVersion: from.pointerVersion };
  await putJson(store, CATALOGUE_CURRENT_KEY, pointer, condition);
  return pointer;
}

/**
 * Makes a loaded catalogue live on a person's word: one that was refused, or an older one.
 *
 * @returns what was live before, null for the first.
 * @throws NotFoundError when there is no such catalogue, or it is retired at this moment: then the pointer is moved back.
 * @throws ArtifactError when it cannot be read. @throws ConflictError when somebody else moved the pointer meanwhile.
 */
export async function promoteCatalogue(
  store: ArtifactStore,
  version: string,
  publishedAt: string,
): Promise<string | null> {
  return promoteCatalogueFrom(store, version, publishedAt, await inspectCurrentCatalogue(store));
}

/** @param from what was read before deciding: the pointer moves only if it is still the same. */
async function promoteCatalogueFrom(
  store: ArtifactStore,
  version: string,
  publishedAt: string,
  from: CurrentCatalogue | undefined,
): Promise<string | null> {
  const key = catalogueKey(version, 'catalogue');
  const object = await store.get(key);
  if (object === undefined) throw missingCatalogue(store, key);
  decodeWholeCatalogue(object.bytes, version);
  if (from?.pointer?.version !== version) {
    const moved = await moveCurrentCatalogue(store, version, publishedAt, from);
    // A feed that went live just before may have retired it meanwhile.
    if ((await store.list(key)).length === 0) {
      await moveBack(store, moved, from?.pointer);
      throw missingCatalogue(store, key);
    }
  }
  return from?.pointer?.version ?? null;
}

function missingCatalogue(store: ArtifactStore, key: string): NotFoundError {
  return new NotFoundError(
    `There is no ${key} in ${store.uri}. "${suggest(store, 'catalogue -- list')}" shows the catalogues that can go live.`,
  );
}

/** Unless somebody else moved the pointer since, or nothing that can be read was live before. */
async function moveBack(store: ArtifactStore, from: CataloguePointer, to: CataloguePointer | undefined): Promise<void> {
  const current = await inspectCurrentCatalogue(store);
  if (to === undefined || !isDeepStrictEqual(current?.pointer, from)) return;
  await putJson(store, CATALOGUE_CURRENT_KEY, to, { ifVersion: current!.pointerVersion });
}

/**
 * @returns what is live now: what was before. Once more undoes it. @throws NotFoundError when there is nothing before.
 * @throws ArtifactError when the pointer or that catalogue cannot be read.
 * @throws ConflictError when somebody else moved the pointer meanwhile.
 */
export async function rollBackCatalogue(store: ArtifactStore, publishedAt: string): Promise<string> {
  const current = await inspectCurrentCatalogue(store);
  if (current?.fault !== undefined) throw current.fault;
  const previous = current?.pointer?.previous;
  if (previous == null) {
    throw new NotFoundError(`No catalogue was live before in ${store.uri}: there is nothing to return to.`);
  }
  await promoteCatalogueFrom(store, previous, publishedAt, current);
  return previous;
}

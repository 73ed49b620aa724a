import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import {
  CATALOGUE_CURRENT_KEY,
  type CataloguePointer,
  cataloguePointerSchema,
} from '../../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';

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
      `${name} is not {version, publishedAt, previous}: load a full feed (npm run catalogue -- FEED), which mends it.`,
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
 * @param from what was read before deciding. @throws ConflictError when somebody else moved it since.
 */
export async function moveCurrentCatalogue(
  store: ArtifactStore,
  version: string,
  publishedAt: string,
  from: CurrentCatalogue | undefined,
): Promise<void> {
  const pointer: CataloguePointer = { version, publishedAt, previous: from?.pointer?.version ?? null };
  const condition = from === undefined ? { ifAbsent: true as const } : { ifVersion: from.pointerVersion };
  await putJson(store, CATALOGUE_CURRENT_KEY, pointer, condition);
}

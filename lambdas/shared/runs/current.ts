import { CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { type CurrentPointer, currentPointerSchema } from '../../../engine/artifacts/current-pointer.ts';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';

/** What is live, with the version that `moveCurrent` needs. */
export interface Current {
  pointer: CurrentPointer;
  version: string;
}

/** @returns undefined when nothing was published yet. @throws ArtifactError when the pointer cannot be read. */
export async function readCurrent(store: ArtifactStore): Promise<Current | undefined> {
  const object = await store.get(CURRENT_KEY);
  if (object === undefined) return undefined;
  try {
    const pointer = decodeJsonArtifact(object.bytes, `${CURRENT_KEY} in ${store.uri}`, currentPointerSchema);
    return { pointer, version: object.version };
  } catch (cause) {
    throw new ArtifactError(
      `${CURRENT_KEY} in ${store.uri} is not {runId, publishedAt, previous}: publish or roll back again.`,
      { cause },
    );
  }
}

/**
 * Makes a run live by one conditional write; what was live becomes `previous`.
 *
 * @param from what was read before deciding. @throws ConflictError when somebody else moved it since.
 */
export async function moveCurrent(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
  from: Current | undefined,
): Promise<void> {
  const pointer: CurrentPointer = { runId, publishedAt, previous: from?.pointer.runId ?? null };
  await putJson(store, CURRENT_KEY, pointer, from === undefined ? { ifAbsent: true } : { ifVersion: from.version });
}

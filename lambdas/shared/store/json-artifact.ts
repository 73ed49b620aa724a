import type * as z from 'zod';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';

/**
 * The one way to read JSON from a store.
 *
 * @returns undefined when there is no such object. @throws ArtifactError that names it when it is torn or wrong.
 */
export async function readJsonArtifact<T>(
  store: ArtifactStore,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const object = await store.get(key);
  return object === undefined ? undefined : decodeJsonArtifact(object.bytes, `${key} in ${store.uri}`, schema);
}

/**
 * The same where one broken file must not hide what else there is.
 *
 * @param onFault is told what is wrong with the file. @returns undefined then, too.
 */
export async function readJsonIfSound<T>(
  store: ArtifactStore,
  key: string,
  schema: z.ZodType<T>,
  onFault: (error: ArtifactError) => void,
): Promise<T | undefined> {
  try {
    return await readJsonArtifact(store, key, schema);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    onFault(error);
    return undefined;
  }
}

import { hash } from 'node:crypto';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import type { ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { decodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { RecordedHashes } from './recorded-hashes.ts';

/**
 * Reads a run's index as `recommend` will, and checks it against the record of its stage. Takes as long as `recommend` needs
 * to load it, and half as long again for the SHA-256.
 *
 * @returns undefined when the run has none.
 * @throws ArtifactError when it is torn, of another run, of a newer format, or not what the stage wrote.
 */
export async function readRunIndex(store: ArtifactStore, runId: string): Promise<ServingIndex | undefined> {
  const key = artifactKey(runId, 'serving');
  const object = await store.get(key);
  if (object === undefined) return undefined;
  await new RecordedHashes(store).verify(key, () => hash('sha256', object.bytes));
  return decodeServingIndex(object.bytes, runId);
}

/** Whether `recommend` could serve the run. A store that does not answer says nothing about it: that error passes through. */
export async function isServable(store: ArtifactStore, runId: string): Promise<boolean> {
  try {
    return (await readRunIndex(store, runId)) !== undefined;
  } catch (error) {
    if (error instanceof ArtifactError) return false;
    throw error;
  }
}

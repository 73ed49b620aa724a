import type { ArtifactStore } from '../shared/artifact-store.ts';
import { CURRENT_KEY, type CurrentPointer } from '../shared/artifacts.ts';
import { ArtifactError } from '../shared/errors.ts';

/** What is live now, with the version that a conditional write needs. */
export async function readCurrent(
  store: ArtifactStore,
): Promise<{ pointer: CurrentPointer; version: string } | undefined> {
  const object = await store.get(CURRENT_KEY);
  if (object === undefined) return undefined;
  try {
    return { pointer: JSON.parse(new TextDecoder().decode(object.bytes)), version: object.version };
  } catch (cause) {
    throw new ArtifactError(`${CURRENT_KEY} is not JSON: write {"runId": …} of the run that shall be live.`, { cause });
  }
}

/**
 * Moves `current.json` to a run by one conditional write. A newer run that went live meanwhile stays: an older one
 * never replaces it.
 *
 * @throws ConflictError when somebody else moved it between the read and the write; trying again is safe.
 */
export async function promote(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
): Promise<{ promoted: boolean; reason: string }> {
  const current = await readCurrent(store);
  if (current?.pointer.runId === runId) return { promoted: true, reason: 'This run is live already.' };
  if (current !== undefined && current.pointer.runId > runId) {
    return { promoted: false, reason: `The newer run ${current.pointer.runId} went live while this one was training.` };
  }
  const pointer: CurrentPointer = { runId, publishedAt, previous: current?.pointer.runId ?? null };
  const condition = current === undefined ? ({ ifAbsent: true } as const) : { ifVersion: current.version };
  await store.put(CURRENT_KEY, `${JSON.stringify(pointer, undefined, 2)}\n`, condition);
  return { promoted: true, reason: 'Every stage finished.' };
}

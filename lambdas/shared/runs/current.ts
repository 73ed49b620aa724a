import { CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { type CurrentPointer, currentPointerSchema } from '../../../engine/artifacts/current-pointer.ts';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';
import { suggest } from '../store/suggested-command.ts';
import { isServable } from './run-index.ts';

/** What is live, with the version that `moveCurrent` needs. */
export interface Current {
  pointer: CurrentPointer;
  version: string;
}

/** The same for who can mend a pointer that says nothing. */
export interface InspectedCurrent {
  /** Undefined when it cannot be read: `fault` says why. */
  pointer: CurrentPointer | undefined;
  fault: ArtifactError | undefined;
  version: string;
}

/** @returns undefined when nothing was published yet. @throws ArtifactError when the pointer cannot be read. */
export async function readCurrent(store: ArtifactStore): Promise<Current | undefined> {
  const current = await inspectCurrent(store);
  if (current === undefined) return undefined;
  if (current.pointer === undefined) throw current.fault;
  return { pointer: current.pointer, version: current.version };
}

/** @returns undefined when nothing was published yet. */
export async function inspectCurrent(store: ArtifactStore): Promise<InspectedCurrent | undefined> {
  const object = await store.get(CURRENT_KEY);
  if (object === undefined) return undefined;
  const { bytes, version } = object;
  try {
    const pointer = decodeJsonArtifact(bytes, `${CURRENT_KEY} in ${store.uri}`, currentPointerSchema);
    return { pointer, fault: undefined, version };
  } catch (cause) {
    const fault = new ArtifactError(
      `${CURRENT_KEY} in ${store.uri} is not {runId, publishedAt, previous}: "${suggest(store, 'promote -- RUN')}" makes any finished ` +
        `run live and mends it, "${suggest(store, 'rollback')}" returns to the run that was live before the last one; "${suggest(store, 'runs')}" lists them.`,
      { cause },
    );
    return { pointer: undefined, fault, version };
  }
}

/**
 * Makes a run live by one conditional write. What was live becomes `previous`, unless it cannot be served: then what was
 * `previous` stays, so that a rollback always returns to something. To see that costs one reading of the live index.
 *
 * @param from what was read before deciding. @throws ConflictError when somebody else moved it since.
 */
export async function moveCurrent(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
  from: { pointer: Pick<CurrentPointer, 'runId' | 'previous'> | undefined; version: string } | undefined,
): Promise<void> {
  const before = [from?.pointer?.runId, from?.pointer?.previous];
  const pointer: CurrentPointer = { runId, publishedAt, previous: await firstServable(store, before, runId) };
  await putJson(store, CURRENT_KEY, pointer, from === undefined ? { ifAbsent: true } : { ifVersion: from.version });
}

async function firstServable(
  store: ArtifactStore,
  runIds: readonly (string | null | undefined)[],
  except: string,
): Promise<string | null> {
  for (const runId of runIds) {
    if (runId != null && runId !== except && (await isServable(store, runId))) return runId;
  }
  return null;
}

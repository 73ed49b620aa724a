import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../../engine/artifacts/current-pointer.ts';
import { ArtifactError, NotFoundError } from '../../../engine/errors.ts';
import { runReportSchema } from '../../../engine/evaluation/run-report.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { readJsonIfSound } from '../store/json-artifact.ts';
import { suggest } from '../store/suggested-command.ts';
import { type InspectedCurrent, inspectCurrent, moveCurrent } from './current.ts';
import { listRuns, readManifest } from './registry.ts';
import { isServable, readRunIndex } from './run-index.ts';

/**
 * Makes a finished run live on a person's word, whatever the gate said of it. A pointer that cannot be read is replaced:
 * what was live before is then taken from the registry.
 *
 * @returns the run that was live before, null for the first.
 * @throws NotFoundError when there is no such finished run. @throws ArtifactError when its index cannot be read.
 * @throws ConflictError when somebody else moved `current.json` meanwhile.
 */
export async function promoteRun(store: ArtifactStore, runId: string, publishedAt: string): Promise<string | null> {
  return promoteRunFrom(store, runId, publishedAt, await knownCurrent(store));
}

/** @param from what was read before deciding: the pointer moves only if it is still the same. */
export async function promoteRunFrom(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
  from: KnownCurrent | undefined,
): Promise<string | null> {
  if ((await readRunIndex(store, runId)) === undefined) {
    throw new NotFoundError(
      `Run ${JSON.stringify(runId)} has no ${artifactKey(runId, 'serving')} in ${store.uri}: it does not exist, did not finish, or had nothing new to train on. "${suggest(store, 'runs')}" lists those that can go live.`,
    );
  }
  if (from?.fault !== undefined || from?.pointer?.runId !== runId) {
    await moveCurrent(store, runId, publishedAt, from);
  }
  return from?.pointer?.runId ?? null;
}

/**
 * Returns to the run that was live before the present one. Rolling back twice returns to where it began.
 *
 * @returns the run that is live now. @throws NotFoundError when there is none to return to.
 * @throws ArtifactError when its index cannot be read.
 * @throws ConflictError when somebody else moved `current.json` meanwhile.
 */
export async function rollBack(store: ArtifactStore, publishedAt: string): Promise<string> {
  return rollBackFrom(store, publishedAt, await knownCurrent(store));
}

/** @param from what was read before deciding: the pointer moves only if it is still the same. */
export async function rollBackFrom(
  store: ArtifactStore,
  publishedAt: string,
  from: KnownCurrent | undefined,
): Promise<string> {
  if (from?.pointer === undefined) {
    throw new NotFoundError(
      from === undefined
        ? `Nothing is live in ${store.uri}: there is nothing to roll back.`
        : `${from.fault!.message} No run in the registry went live and can be served.`,
    );
  }
  const { runId, previous } = from.pointer;
  // Where the pointer is lost, the run that it named last is better than none.
  const target = previous ?? (from.fault === undefined ? null : runId);
  if (target === null) {
    throw new NotFoundError(
      `Run ${runId} is the first that went live: there is none before it. "${suggest(store, 'promote -- RUN')}" makes any finished run live.`,
    );
  }
  await promoteRunFrom(store, target, publishedAt, from);
  return target;
}

type KnownPointer = Pick<CurrentPointer, 'runId' | 'previous'>;
type KnownCurrent = Omit<InspectedCurrent, 'pointer'> & { pointer: KnownPointer | undefined };

/** What the pointer says, or what it must have said where it cannot be read. */
async function knownCurrent(store: ArtifactStore): Promise<KnownCurrent | undefined> {
  const current = await inspectCurrent(store);
  if (current === undefined || current.pointer !== undefined) return current;
  return { ...current, pointer: await pointerFromRegistry(store) };
}

/**
 * The newest run whose report says that it went live, and the run that was live when it was made. What a person promoted by
 * hand is not known: no report says so.
 */
async function pointerFromRegistry(store: ArtifactStore): Promise<KnownPointer | undefined> {
  const ignore = () => {};
  const candidates: string[] = [];
  for (const { runId } of await listRuns(store, ignore)) {
    const report = await readJsonIfSound(store, artifactKey(runId, 'report'), runReportSchema, ignore);
    if (report?.verdict.promoted === true && (await isServable(store, runId))) candidates.push(runId);
    if (candidates.length === 2) break;
  }
  const [runId, older = null] = candidates;
  if (runId === undefined) return undefined;
  const lineage = await previousOf(store, runId);
  const previous = lineage !== null && (await isServable(store, lineage)) ? lineage : older;
  return { runId, previous };
}

async function previousOf(store: ArtifactStore, runId: string): Promise<string | null> {
  try {
    return (await readManifest(store, runId))?.lineage.previous ?? null;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return null;
  }
}

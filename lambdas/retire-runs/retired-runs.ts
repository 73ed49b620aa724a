import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';

/** Objects with this tag expire; see the bucket's lifecycle in `infra/storage/artifact-bucket.ts`. */
export const RETIRED_TAG = { 'alike-run': 'retired' } as const;

/**
 * Which runs may expire. The live run and the one that a rollback returns to may not, whatever their age, nor may one
 * that is newer than the live run: it may be under way, or wait for its promotion.
 *
 * @param runIds in any order.
 */
export function retiredRuns(runIds: readonly string[], current: CurrentPointer): Set<string> {
  const kept = [current.runId, current.previous];
  return new Set(runIds.filter((runId) => runId < current.runId && !kept.includes(runId)));
}

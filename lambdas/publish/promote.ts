import type { Verdict } from '../../engine/evaluation/run-report.ts';
import { moveCurrent, readCurrent } from '../shared/runs/current.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/**
 * Carries out a verdict: makes the run live unless the gate refused it or a newer run went live meanwhile, which an
 * older one never replaces.
 *
 * @returns the verdict as it turned out.
 * @throws ConflictError when somebody else moved `current.json` between the read and the write; trying again is safe.
 */
export async function promote(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
  verdict: Verdict,
): Promise<Verdict> {
  if (!verdict.promoted) return verdict;
  const current = await readCurrent(store);
  if (current?.pointer.runId === runId) return verdict;
  if (current !== undefined && current.pointer.runId > runId) {
    const finding = `the newer run ${current.pointer.runId} went live while this one was training`;
    const checks = [...verdict.checks, { name: 'newest', passed: false, finding }];
    return { promoted: false, reason: `Refused: ${finding}.`, checks };
  }
  await moveCurrent(store, runId, publishedAt, current);
  return verdict;
}

import type { Verdict } from '../../engine/evaluation/run-report.ts';
import { moveCurrent, readCurrent } from '../shared/runs/current.ts';
import { runStartMs } from '../shared/runs/run-id.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/**
 * Carries out a verdict: makes the run live unless the gate refused it or a newer run went live meanwhile, which an
 * older one never replaces. A live run that began after now had a wrong clock, and is not known to be newer.
 *
 * @param publishedAt now, ISO 8601.
 * @param report writes down the verdict as it turned out, before anybody can see the run live.
 * @returns that verdict.
 * @throws ConflictError when somebody else moved `current.json` between the read and the write; trying again is safe.
 */
export async function promote(
  store: ArtifactStore,
  runId: string,
  publishedAt: string,
  judged: Verdict,
  report: (verdict: Verdict) => Promise<void>,
): Promise<Verdict> {
  const current = judged.promoted ? await readCurrent(store) : undefined;
  const liveRunId = current?.pointer.runId;
  const isOvertaken =
    liveRunId !== undefined && liveRunId > runId && !(runStartMs(liveRunId) > Date.parse(publishedAt));
  const verdict = isOvertaken ? refusedFor(liveRunId, judged) : judged;
  await report(verdict);
  if (verdict.promoted && liveRunId !== runId) await moveCurrent(store, runId, publishedAt, current);
  return verdict;
}

function refusedFor(newerRunId: string, { checks }: Verdict): Verdict {
  const finding = `the newer run ${newerRunId} went live while this one was training`;
  return {
    promoted: false,
    outcome: 'refused',
    reason: `Refused: ${finding}.`,
    checks: [...checks, { name: 'newest', passed: false, finding }],
  };
}

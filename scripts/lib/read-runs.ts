import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { manifestSchema } from '../../engine/artifacts/manifest.ts';
import { quarantineSchema } from '../../engine/artifacts/quarantine.ts';
import { messageOf } from '../../engine/errors.ts';
import { runReportSchema } from '../../engine/evaluation/run-report.ts';
import { failureReportSchema } from '../../lambdas/report-failure/failure-report.ts';
import type { RegisteredRun } from '../../lambdas/shared/runs/registry.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonIfSound } from '../../lambdas/shared/store/json-artifact.ts';
import type { RunFigures } from './runs-table.ts';

/** What a run left behind; one that is damaged is told on stderr, and is no reason not to show the others. */
export async function readFigures(store: ArtifactStore, run: RegisteredRun): Promise<RunFigures> {
  const { runId } = run;
  return {
    ...run,
    manifest: await readJsonIfSound(store, artifactKey(runId, 'manifest'), manifestSchema, warn),
    report: await readJsonIfSound(store, artifactKey(runId, 'report'), runReportSchema, warn),
    quarantine: await readJsonIfSound(store, artifactKey(runId, 'quarantine'), quarantineSchema, warn),
    failure: await readJsonIfSound(store, artifactKey(runId, 'failure'), failureReportSchema, warn),
  };
}

/** For what is wrong with one file among many. */
export function warn(fault: unknown): void {
  process.stderr.write(`${messageOf(fault)}\n`);
}

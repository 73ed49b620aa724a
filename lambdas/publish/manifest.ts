import type { Manifest } from '../shared/manifest.ts';
import type { StageRecord } from '../shared/stage-record.ts';
import { resolveSettings, type TrainingRequest } from '../shared/training-request.ts';

/** @param records of the stages before `publish`, in order; the first is `ingest`, which knows the inputs. */
export function buildManifest(
  runId: string,
  request: TrainingRequest,
  records: readonly StageRecord[],
  ownArtifacts: Record<string, string>,
  previous: string | null,
): Manifest {
  return {
    runId,
    inputs: (records[0].details?.['inputs'] ?? []) as Manifest['inputs'],
    request,
    settings: resolveSettings(request),
    codeVersion: records[0].codeVersion,
    stages: records.map(({ stage, startedAt, durationMs, peakResidentMb }) => ({
      stage,
      startedAt,
      durationMs,
      peakResidentMb,
    })),
    counts: Object.assign({}, ...records.map((record) => record.result.counts)),
    artifacts: Object.assign({}, ...records.map((record) => record.result.keys), ownArtifacts),
    lineage: { previous },
  };
}

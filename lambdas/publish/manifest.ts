import type { Manifest } from '../../engine/artifacts/manifest.ts';
import type { StageRecord } from '../../engine/artifacts/stage-record.ts';
import type { TrainingRequest, TrainingSettings } from '../../engine/artifacts/training-request.ts';
import { periodOf } from '../../engine/evaluation/period.ts';

export interface ManifestFacts {
  runId: string;
  request: TrainingRequest;
  /** With which the model was trained. */
  settings: TrainingSettings;
  /** Of the stages before `publish`, in order; the first is `ingest`, which knows the inputs. */
  records: readonly StageRecord[];
  ownArtifacts: Record<string, string>;
  previous: string | null;
  startTimesMs: Float64Array | undefined;
}

export function buildManifest(facts: ManifestFacts): Manifest {
  const { runId, request, settings, records, ownArtifacts, previous, startTimesMs } = facts;
  // The measurements of the candidates are the report's business, and each would overwrite the one before.
  const counted = records.filter(({ stage }) => stage !== 'backtest' && stage !== 'evaluate');
  return {
    runId,
    inputs: (records[0].details?.['inputs'] ?? []) as Manifest['inputs'],
    request,
    settings,
    codeVersion: records[0].codeVersion,
    stages: records.map(({ stage, startedAt, durationMs, peakResidentMb }) => ({
      stage,
      startedAt,
      durationMs,
      peakResidentMb,
    })),
    counts: Object.assign({}, ...counted.map(({ result }) => result.counts)),
    artifacts: Object.assign({}, ...records.map(({ result }) => result.keys), ownArtifacts),
    lineage: { previous, period: periodOf(startTimesMs) },
  };
}

import type { StageRecord } from './stage-record.ts';
import type { TrainingRequest, TrainingSettings } from './training-request.ts';

/** `manifest.json`: what a run was made from, how, and what came out. Written once, before the run can go live. */
export interface Manifest {
  runId: string;
  /** The run's input objects with their hashes. */
  inputs: { name: string; sizeBytes: number; sha256: string }[];
  request: TrainingRequest;
  /** The preset with the request's own settings on top, complete. */
  settings: TrainingSettings;
  codeVersion: string;
  /** Stage by stage; those before `publish`, which writes this. */
  stages: Pick<StageRecord, 'stage' | 'startedAt' | 'durationMs' | 'peakResidentMb'>[];
  /** All stages' counts. */
  counts: Record<string, number>;
  /** Artifact name → key in the store. */
  artifacts: Record<string, string>;
  lineage: {
    /** The run that was live when this one was made; null for the first. */
    previous: string | null;
    /** Start of the first and the last session, ISO 8601 in UTC; null when the clickstream has no time. */
    period: { from: string; to: string } | null;
  };
}

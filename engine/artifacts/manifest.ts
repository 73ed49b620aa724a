import type { Strategy } from '../serving-index/strategy.ts';
import type { RunEvaluation } from './run-evaluation.ts';
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

/** `report.json`: how good the run is and whether it went live. */
export interface RunReport {
  runId: string;
  defaultStrategy: Strategy;
  /** K-Means figures of `clustering_model`. */
  clustering: { clusters: number; inertia: number; silhouette: number | null; sizes: number[] };
  /** What was tried, what won, and how good that is on sessions held out for it. */
  evaluation: RunEvaluation;
  /** What measuring took beside the training itself; US dollars of Lambda, estimated from the seconds. */
  cost: {
    trainingSeconds: number;
    backtestSeconds: number;
    trainingUsd: number;
    backtestUsd: number;
  };
  verdict: Verdict;
}

/** Whether a run goes live. */
export interface Verdict {
  promoted: boolean;
  /** One sentence for a person. */
  reason: string;
  checks: { name: string; passed: boolean; finding: string }[];
}

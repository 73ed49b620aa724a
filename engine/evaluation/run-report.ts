import type { Strategy } from '../serving-index/strategy.ts';
import type { RunEvaluation } from './run-evaluation.ts';

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

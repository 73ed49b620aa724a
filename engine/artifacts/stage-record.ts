/** All that stages hand to each other through the state machine, whose payload limit is 256 KiB. */
export interface StageResult {
  runId: string;
  /** Artifact name → key in the store. */
  keys: Record<string, string>;
  counts: Record<string, number>;
  /** What a later stage runs over, one invocation an item. */
  items?: string[];
}

/** What a finished stage leaves at `runs/<runId>/stages/<stage>.json`; the manifest is made of these. */
export interface StageRecord {
  stage: string;
  result: StageResult;
  details?: Record<string, unknown>;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** Highest resident memory of the process until the stage's end, MiB. */
  peakResidentMb: number;
  codeVersion: string;
}

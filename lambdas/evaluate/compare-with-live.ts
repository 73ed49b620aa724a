import type { Gains } from '../backtest/evaluate.ts';

/** This run's model, trained on the earlier sessions, against the live one on held-out sessions that neither has seen. */
export interface LiveComparison {
  /** The run that was live. */
  runId: string;
  sessions: number;
  positions: number;
  /** Ours − theirs, each answering with its own default strategy. */
  difference: Gains;
}

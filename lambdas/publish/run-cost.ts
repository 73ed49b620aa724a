import type { StageRecord } from '../../engine/artifacts/stage-record.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';
import { PIPELINE } from '../pipeline.ts';

/** US dollars a GB-second of an arm64 Lambda in us-east-1, first tier (AWS price list, November 2026); x86 is a quarter more. */
const USD_PER_GB_SECOND = 0.000_013_333_4;

const MEASURING: ReadonlySet<string> = new Set(['plan', 'backtest', 'evaluate']);

/**
 * What measuring took beside the training itself, and what both cost in Lambda with the stage table's memory:
 * Σ seconds · GB · price. Requests and state transitions add less than a cent and are left out.
 */
export function costOf(records: readonly StageRecord[]): RunReport['cost'] {
  const cost = { trainingSeconds: 0, backtestSeconds: 0, trainingUsd: 0, backtestUsd: 0 };
  for (const { stage, durationMs } of records) {
    const seconds = durationMs / 1000;
    const memoryMb = PIPELINE.find(({ name }) => name === stage)?.memoryMb ?? 0;
    const usd = seconds * (memoryMb / 1024) * USD_PER_GB_SECOND;
    if (MEASURING.has(stage)) {
      cost.backtestSeconds += seconds;
      cost.backtestUsd += usd;
    } else {
      cost.trainingSeconds += seconds;
      cost.trainingUsd += usd;
    }
  }
  return cost;
}

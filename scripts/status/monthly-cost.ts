import { PRICES, partsOfCall } from '../lib/prices.ts';
import type { RunFigures } from '../lib/runs-table.ts';

/** US dollars since the first of the month, UTC. */
export interface MonthlyCost {
  totalUsd: number;
  /** What for → US dollars. */
  parts: Record<string, number>;
}

export interface MonthlyUse {
  apiCalls: number;
  recommendMemoryMb: number;
  tracesAnswers: boolean;
  /** That exist: billed by the hour. */
  alarms: number;
  dashboards: number;
  runs: readonly RunFigures[];
}

/** @param nowMs milliseconds since the epoch. */
export function monthlyCost(
  { apiCalls, recommendMemoryMb, tracesAnswers, alarms, dashboards, runs }: MonthlyUse,
  nowMs: number,
): MonthlyCost {
  const now = new Date(nowMs);
  const monthStartMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - monthStartMs;
  const share = (nowMs - monthStartMs) / monthMs;
  const trained = runs.filter(({ runId }) => startOf(runId) >= monthStartMs);
  // A line of the access log, as docs/operations.md computes it of the template.
  const call = { memoryGb: recommendMemoryMb / 1024, accessLogBytes: 140, tracedShare: tracesAnswers ? 1 : 0 };
  const parts = {
    calls: apiCalls * Object.values(partsOfCall(call)).reduce((sum, usd) => sum + usd, 0),
    'training runs': trained.reduce(
      (sum, { report }) => sum + (report === undefined ? 0 : report.cost.trainingUsd + report.cost.backtestUsd),
      0,
    ),
    [`${alarms} alarms`]: alarms * PRICES.alarmMonth * share,
    ...(dashboards > 0 && { dashboard: dashboards * PRICES.dashboardMonth * share }),
  };
  return { parts, totalUsd: Object.values(parts).reduce((sum, usd) => sum + usd, 0) };
}

/** `20261123T161500123Z-9f3a02c1` → milliseconds since the epoch; 0 when it is no such id. */
function startOf(runId: string): number {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})T\d{9}Z-/.exec(runId) ?? [];
  return year === undefined ? 0 : Date.UTC(Number(year), Number(month) - 1, Number(day));
}

/**
 * One invocation of one stage in a process of its own, as in Lambda; `large-run.ts` starts it. The last line on stdout
 * is a `StageMeasurement` as JSON.
 *
 *     node scripts/bench/large-run-stage.ts STAGE WORKSPACE EVENT
 */
import type { StageResult } from '../../lambdas/shared/stage-record.ts';
import { lambdaContext } from '../lib/lambda-context.ts';
import { useWorkspace } from '../lib/workspace.ts';

export interface StageMeasurement {
  result: StageResult;
  seconds: number;
  /** Of all threads. */
  cpuSeconds: number;
  peakResidentMb: number;
}

const [stage, workspace, event] = process.argv.slice(2);
useWorkspace(workspace);
const startedAtMs = performance.now();
const { handler } = await import(`../../lambdas/${stage}/handler.ts`);
const result: StageResult = await handler(JSON.parse(event), lambdaContext(stage, 900));
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const measurement: StageMeasurement = {
  result,
  seconds: (performance.now() - startedAtMs) / 1000,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakResidentMb: Math.round(maxRSS / 1024),
};
console.log(JSON.stringify(measurement));

/**
 * One invocation of each of some stages in a process of their own, as in Lambda; `large-run.ts` and `sequences.ts` start
 * it. The last line on stdout is a `StageMeasurement` as JSON: the last stage's result, and what all of them took.
 *
 *     node scripts/bench/stage-process.ts STAGE[,STAGE…] WORKSPACE EVENT
 */
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { lambdaContext } from '../lib/lambda-context.ts';
import { useWorkspace } from '../lib/workspace.ts';
import type { StageMeasurement } from './stages.ts';

const [stages, workspace, event] = process.argv.slice(2);
useWorkspace(workspace);
const startedAtMs = performance.now();
let result: StageResult | undefined;
for (const stage of stages.split(',')) {
  const { handler } = await import(`../../lambdas/${stage}/handler.ts`);
  result = await handler(JSON.parse(event), lambdaContext(stage, 900));
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const measurement: StageMeasurement = {
  result: result!,
  seconds: (performance.now() - startedAtMs) / 1000,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakResidentMb: Math.round(maxRSS / 1024),
};
console.log(JSON.stringify(measurement));

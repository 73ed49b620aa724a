/**
 * One invocation of each of some stages in a process of their own, as in Lambda; `large-run.ts` and `sequences.ts` start
 * it. The last line on stdout is the last stage's result as JSON.
 *
 *     node scripts/bench/stage-process.ts STAGE[,STAGE…] WORKSPACE EVENT
 */
import '../lib/compile-cache.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { keepViewsAtHand } from '../../lambdas/shared/views-at-hand.ts';
import { lambdaContext } from '../lib/lambda-context.ts';
import { useWorkspace } from '../lib/workspace.ts';

const [stages, workspace, event] = process.argv.slice(2);
useWorkspace(workspace);
// As a local run does.
keepViewsAtHand();
let result: StageResult | undefined;
for (const stage of stages.split(',')) {
  const { handler } = await import(`../../lambdas/${stage}/handler.ts`);
  result = await handler(JSON.parse(event), lambdaContext(stage, 900));
}
console.log(JSON.stringify(result));

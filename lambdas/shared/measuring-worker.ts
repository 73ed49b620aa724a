/** The second thread of `evaluate`: `measuring-thread.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { runTasks, tasksOf, transferablesOf } from '../../engine/evaluation/measuring-tasks.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import type { MeasuringMessage } from './measuring-thread.ts';

parentPort!.once('message', ({ index, next, ...measuring }: MeasuringMessage) => {
  const outcomes = runTasks(tasksOf({ ...measuring, index: fromMessage(index) }), next);
  parentPort!.postMessage(outcomes, transferablesOf(outcomes));
});

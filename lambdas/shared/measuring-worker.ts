/** The second thread of `evaluate`: `measuring-thread.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { runTasks, tasksOf } from '../../engine/evaluation/measuring-tasks.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import type { MeasuringMessage } from './measuring-thread.ts';

parentPort!.once('message', ({ index, next, ...measuring }: MeasuringMessage) => {
  parentPort!.postMessage(runTasks(tasksOf({ ...measuring, index: fromMessage(index) }), next));
});

/** The second thread of `evaluate`: `measuring-thread.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { type PartOfChoices, refit, runTasks, takeChoices, tasksOf } from '../../engine/evaluation/measuring-tasks.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import type { MeasuringMessage } from './measuring-thread.ts';

parentPort!.once('message', ({ index, next, ...others }: MeasuringMessage) => {
  const measuring = { ...others, index: fromMessage(index) };
  const outcomes = runTasks(tasksOf(measuring), next);
  const ours = takeChoices(outcomes);
  parentPort!.once('message', (theirs: PartOfChoices[]) => {
    parentPort!.postMessage(refit(measuring, [...ours, ...theirs]));
  });
  parentPort!.postMessage(outcomes);
});

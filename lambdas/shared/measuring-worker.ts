/** The second thread of `evaluate`: `measuring-thread.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { blendTasks, otherTasks, refit, runTasks, takeChoices } from '../../engine/evaluation/measuring-tasks.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import type { FromMeasuring, MeasuringMessage, ToMeasuring } from './measuring-thread.ts';

const tell = (message: FromMeasuring) => parentPort!.postMessage(message);

parentPort!.once('message', ({ index, nextBlend, nextOther, ...rest }: MeasuringMessage) => {
  const measuring = { ...rest, index: fromMessage(index) };
  const blends = runTasks(blendTasks(measuring), nextBlend);
  const ours = takeChoices(blends);
  parentPort!.once('message', (theirs: ToMeasuring) => {
    tell({ refitted: refit(measuring, [...ours, ...theirs]) });
    tell({ others: runTasks(otherTasks(measuring), nextOther) });
  });
  tell({ blends });
});

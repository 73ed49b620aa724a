/** The second thread of `list-writer.ts`, which starts it. */
import { parentPort } from 'node:worker_threads';
import { type GroupsMessage, takenGroups } from './list-writer.ts';

parentPort!.once('message', ({ lists, next }: GroupsMessage) => {
  const groups = [...takenGroups(lists, next)];
  parentPort!.postMessage(
    groups,
    groups.map(({ bytes }) => bytes.buffer as ArrayBuffer),
  );
});

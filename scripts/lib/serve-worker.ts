/** One of the threads of `serve --workers`: `serve-workers.ts` starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { ArtifactError } from '../../engine/errors.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import type { FromWorker, ToWorker, WorkerTask } from './serve-workers.ts';
import { serveOnThisThread } from './serve-workspace.ts';
import { workspaceUri } from './workspace.ts';

const port = parentPort!;
const task = workerData as WorkerTask;
const tell = (message: FromWorker) => port.postMessage(message);

const server = await serveOnThisThread(
  task.workspace,
  await openArtifactStore(workspaceUri(task.workspace)),
  task.port,
  {
    corsOrigins: task.corsOrigins,
    stderr: { write: (text: string) => tell({ kind: 'terminal', text }) },
    loadIndex,
    sharesPort: true,
  },
);
port.on('message', async (message: ToWorker) => {
  if (message.kind !== 'close') return;
  await server.close();
  port.close();
});
tell({ kind: 'ready' });

/** From the first thread, which reads it once for all. */
function loadIndex(runId: string): Promise<ServingIndex> {
  return new Promise((resolve, reject) => {
    port.on('message', function hear(message: ToWorker) {
      if (message.kind === 'close' || message.runId !== runId) return;
      port.off('message', hear);
      if (message.kind === 'index') resolve(fromMessage(message.index));
      else reject(message.isArtifactError ? new ArtifactError(message.message) : new Error(message.message));
    });
    tell({ kind: 'load', runId });
  });
}

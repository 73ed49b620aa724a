/** The thread of `views-writer.ts`, which starts it. */
import { parentPort } from 'node:worker_threads';
import { viewsFileOf } from '../../engine/clicks/views.ts';
import { RunStore } from './runs/run-store.ts';
import { openArtifactStore } from './store/open-artifact-store.ts';
import type { StoredViews, StoreViewsMessage } from './views-writer.ts';

parentPort!.once('message', async ({ storeUri, runId, key, views }: StoreViewsMessage) => {
  const warnings: string[] = [];
  const logger = { warn: (...[message]: unknown[]) => void warnings.push(`${message}: ${key}`) };
  const store = new RunStore(await openArtifactStore(storeUri), runId, logger);
  await store.put(key, viewsFileOf(views));
  parentPort!.postMessage({ written: store.written, warnings } satisfies StoredViews);
});

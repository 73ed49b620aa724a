/** The thread of `views-writer.ts`, which starts it. */
import { parentPort } from 'node:worker_threads';
import { viewsFileOf } from '../../engine/clicks/views.ts';
import { openArtifactStore } from './store/open-artifact-store.ts';
import type { StoreViewsMessage } from './views-writer.ts';

parentPort!.once('message', async ({ storeUri, key, views }: StoreViewsMessage) => {
  const store = await openArtifactStore(storeUri);
  await store.put(key, viewsFileOf(views));
  parentPort!.postMessage('stored');
});

import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';

const RUN = 'bench';

/** Makes an index live in a store that has nothing else. @returns bytes of the index's file. */
export async function publishShop(uri: string, index: ServingIndex): Promise<number> {
  const store = await openArtifactStore(uri);
  const file = encodeServingIndex(index, RUN);
  await store.put(artifactKey(RUN, 'serving'), file);
  const pointer = { runId: RUN, publishedAt: '2026-01-01T00:00:00.000Z', previous: null };
  await store.put(CURRENT_KEY, JSON.stringify(pointer));
  return file.length;
}

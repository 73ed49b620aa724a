import { expect, it } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { encodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import { refuseUnlessServed } from '../../../lambdas/publish/read-back.ts';
import { exampleIndex } from '../../engine/ranking/example-index.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const index = exampleIndex();
const KEY = artifactKey('run-1', 'serving');

async function readBack(file: Uint8Array | undefined) {
  const store = new MemoryArtifactStore();
  if (file !== undefined) await store.put(KEY, file);
  await refuseUnlessServed(store, 'run-1', index);
}

it('takes an index that reads and answers as it was meant to', async () => {
  await readBack(encodeServingIndex(index, 'run-1'));
});

it.each([
  ['is not there', undefined, 'it is gone'],
  ['is cut', encodeServingIndex(index, 'run-1').subarray(0, 900), 'torn'],
  ['is of another run', encodeServingIndex(index, 'run-2'), 'is of run run-2, not of run run-1'],
  [
    'has an id of other bytes',
    encodeServingIndex({ ...index, productIds: ['\ufeffa', ...index.productIds.slice(1)] }),
    'product 0 is "\ufeffa" instead of "a"',
  ],
  [
    'answers otherwise',
    encodeServingIndex({ ...index, viewCounts: index.viewCounts.toReversed() }),
    'answers otherwise for product "a"',
  ],
])('refuses an index that %s, with a sentence', async (_, file, part) => {
  await expect(readBack(file)).rejects.toMatchObject({
    name: 'ArtifactError',
    message: expect.stringContaining(part),
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { memoryOf } from '../../../engine/numeric/kernel-space.ts';
import { fromMessage } from '../../../engine/serving-index/shared-index.ts';
import { readLiveIndex } from '../../../lambdas/recommend/model-cache.ts';
import { FileArtifactStore } from '../../../lambdas/shared/store/file-artifact-store.ts';
import { SharedIndexes } from '../../../scripts/lib/serve-workers.ts';
import { publish } from '../../support/published-model.ts';

let folder: string;
let store: FileArtifactStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-workers-'));
  store = new FileArtifactStore(folder);
  await publish(store, 'run-1');
});
afterEach(() => rm(folder, { recursive: true }));

/** Every typed array of an object, however deep. */
function arraysOf(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysOf) : [];
}

test('an index goes to another thread whole, and its memory is shared but for the few weights of the blend', async () => {
  const message = await new SharedIndexes(store).load('run-1');
  const { blendWeights, ...large } = message;
  expect(arraysOf(large).every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
  expect(arraysOf(large).length).toBeGreaterThan(20);
  const arrived = fromMessage(structuredClone(message));
  expect(arrived).toEqual(await readLiveIndex(store, 'run-1'));
  // Kernels read vectors where they lie, there too.
  for (const vectors of [arrived.vectors, arrived.contextVectors]) expect(memoryOf(vectors)).toBeDefined();
});

test('the index of a run is read once, and of two runs at most it is kept', async () => {
  const indexes = new SharedIndexes(store);
  for (const run of ['run-2', 'run-3']) await publish(store, run);
  const first = await indexes.load('run-1');
  await indexes.load('run-2');
  expect(await indexes.load('run-1')).toBe(first);
  await indexes.load('run-3');
  expect(await indexes.load('run-1')).toBe(first);
  await indexes.load('run-2');
  await indexes.load('run-3');
  expect(await indexes.load('run-1')).not.toBe(first);
});

test('an index that could not be read is tried again', async () => {
  const indexes = new SharedIndexes(store);
  await store.delete(artifactKey('run-1', 'serving'));
  await expect(indexes.load('run-1')).rejects.toThrow('has no runs/run-1/serving/index.bin');
  await publish(store, 'run-1');
  expect((await indexes.load('run-1')).dimensions).toBe(2);
});

test('a failure that comes late leaves the index that was read in the meantime', async () => {
  const indexes = new SharedIndexes(store);
  for (const run of ['run-2', 'run-3']) await publish(store, run);
  const late = Promise.withResolvers<never>();
  vi.spyOn(store, 'getArriving').mockReturnValueOnce(late.promise);
  const failed = expect(indexes.load('run-1')).rejects.toThrow('late');
  // Of two runs at most the index is kept.
  for (const run of ['run-2', 'run-3']) await indexes.load(run);
  const read = await indexes.load('run-1');
  late.reject(new Error('late'));
  await failed;
  expect(await indexes.load('run-1')).toBe(read);
});

import { matchesGlob } from 'node:path';
import { expect, it, vi } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { parseTrainingRequest, resolveSettings } from '../../../engine/artifacts/training-request.ts';
import { ConfigurationError } from '../../../engine/errors.ts';
import { stagePatterns } from '../../../infra/storage/artifact-permissions.ts';
import { findUnchanged } from '../../../lambdas/ingest/unchanged.ts';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { publish } from '../../support/published-model.ts';

const request = parseTrainingRequest({ source: 'raw/', columns: { session: 's', product: 'p', order: 'o' } });
const INPUTS = [{ name: 'a', sizeBytes: 1, sha256: 'x' }];
const TRAINING = { request, codeVersion: '1' };
const MANIFEST = {
  ...TRAINING,
  inputs: INPUTS,
  runId: 'run-1',
  settings: resolveSettings(request),
  stages: [],
  counts: {},
  artifacts: {},
  lineage: { previous: null, period: null },
};

const inputsOf = async () => INPUTS;
const neverAsked = () => Promise.reject(new Error('asked'));

async function storeWithLive() {
  const store = new MemoryArtifactStore();
  await publish(store, 'run-1');
  await putJson(store, artifactKey('run-1', 'manifest'), MANIFEST);
  return store;
}

it('finds a run unchanged whose input, settings and code are those of the live one, and says how to train anyway', async () => {
  const found = await findUnchanged(await storeWithLive(), 'run-2', TRAINING, inputsOf);
  expect(found).toMatchObject({ runId: 'run-2', verdict: { promoted: false, outcome: 'unchanged' } });
  expect(found!.verdict.reason).toBe(
    'Unchanged: input, settings and code are those of live run run-1; nothing was trained (--force trains all the same).',
  );
});

it('finds it new when anything differs, and when nothing is live', async () => {
  const others = async () => [{ name: 'a', sizeBytes: 1, sha256: 'y' }];
  expect(await findUnchanged(await storeWithLive(), 'run-2', TRAINING, others)).toBeUndefined();
  // Nothing to compare with: no file is read for its hash.
  expect(await findUnchanged(new MemoryArtifactStore(), 'run-2', TRAINING, neverAsked)).toBeUndefined();
});

it('reads nothing that the role of ingest may not', async () => {
  const store = await storeWithLive();
  const get = vi.spyOn(store, 'get');
  expect(await findUnchanged(store, 'run-2', TRAINING, inputsOf)).toBeDefined();
  const isAllowed = (key: string) => stagePatterns(PIPELINE[0]).read!.some((pattern) => matchesGlob(key, pattern));
  const read = get.mock.calls.map(([key]) => key);
  expect(read).toContain(artifactKey('run-1', 'serving'));
  expect(read.filter((key) => !isAllowed(key))).toEqual([]);
});

async function tearIndex(store: MemoryArtifactStore) {
  const key = artifactKey('run-1', 'serving');
  const { bytes } = (await store.get(key))!;
  await store.put(key, bytes.subarray(0, bytes.length / 2));
}

it.each([
  ['its manifest is torn', (store: MemoryArtifactStore) => store.put(artifactKey('run-1', 'manifest'), '{"runId":')],
  ['its manifest is gone', (store: MemoryArtifactStore) => store.delete(artifactKey('run-1', 'manifest'))],
  ['its index is gone', (store: MemoryArtifactStore) => store.delete(artifactKey('run-1', 'serving'))],
  ['its index is torn', tearIndex],
  ['the pointer is torn', (store: MemoryArtifactStore) => store.put('current.json', '{')],
])('trains anew where the live run is damaged: %s', async (_, damage) => {
  const store = await storeWithLive();
  await damage(store);
  expect(await findUnchanged(store, 'run-2', TRAINING, inputsOf)).toBeUndefined();
});

it('does not take a store that refuses to answer for a live run that is damaged', async () => {
  const store = await storeWithLive();
  store.list = () => Promise.reject(new ConfigurationError('Access denied'));
  await expect(findUnchanged(store, 'run-2', TRAINING, inputsOf)).rejects.toThrow('Access denied');
});

import { beforeEach, expect, it } from 'vitest';
import { type ArtifactName, artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { UnavailableError } from '../../../engine/errors.ts';
import { openLiveModel } from '../../../lambdas/evaluate/live-model.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { GOLDEN_RELEASES } from '../../golden/releases.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const { runId, read } = GOLDEN_RELEASES.find(({ version }) => version !== '0.1.0')!;
const NAMES: ArtifactName[] = ['serving', 'manifest', 'report', 'reference_sessions'];

let store: MemoryArtifactStore;
let faults: string[];
const open = () => openLiveModel(store, (message) => faults.push(message));
beforeEach(async () => {
  store = new MemoryArtifactStore();
  faults = [];
  for (const name of NAMES) await store.put(artifactKey(runId, name), read(name));
  await putJson(store, CURRENT_KEY, { runId, publishedAt: '2026-11-26T00:00:00.000Z', previous: null });
});

it('a sound live run has sessions to compare with and says nothing', async () => {
  const live = (await open())!;
  expect([live.runId, live.reference.length > 0, typeof live.lastSessionMs]).toEqual([runId, true, 'number']);
  expect(faults).toEqual([]);
});

it.each([
  ['manifest', '{}'],
  ['manifest', '{"runId": '],
  ['report', '{}'],
  ['reference_sessions', 'null'],
] as const)('one damaged %s (%s) leaves what the others say, and names the file', async (name, content) => {
  await store.put(artifactKey(runId, name), content);
  const live = (await open())!;
  expect([live.runId, live.reference.length > 0, live.answered === undefined]).toEqual([runId, true, false]);
  expect(faults).toEqual([expect.stringContaining(`${artifactKey(runId, name)} in memory://test cannot be read`)]);
});

it('a damaged index, or pointer to it, is no model to protect', async () => {
  await store.put(artifactKey(runId, 'serving'), read('serving').subarray(0, 1_000));
  expect(await open()).toBeUndefined();
  await store.put(CURRENT_KEY, '{ torn');
  expect(await open()).toBeUndefined();
  expect(faults).toHaveLength(2);
});

it.each([CURRENT_KEY, ...NAMES.map((name) => artifactKey(runId, name))])(
  'GIVEN a store that does not answer for %s THEN that fails the stage, which is tried again',
  async (key) => {
    store.beforeRead = (asked) => {
      if (asked === key) throw new UnavailableError('S3 is busy.');
    };
    await expect(open()).rejects.toThrow(UnavailableError);
    expect(faults).toEqual([]);
  },
);

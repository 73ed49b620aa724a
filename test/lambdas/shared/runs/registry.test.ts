import { beforeEach, describe, expect, it } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../../engine/artifacts/artifact-keys.ts';
import { readCurrent } from '../../../../lambdas/shared/runs/current.ts';
import { listRuns, promoteRun, rollBack } from '../../../../lambdas/shared/runs/registry.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../../support/published-model.ts';

const NOW = '2026-11-23T12:00:00.000Z';
let store: MemoryArtifactStore;
const live = async () => (await readCurrent(store))?.pointer;

beforeEach(() => {
  store = new MemoryArtifactStore();
});

describe('the registry', () => {
  it('lists runs newest first with what can be done with each', async () => {
    await publish(store, 'run-2', { previous: 'run-1' });
    await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
    await store.put(artifactKey('run-3', 'serving'), SAMPLE_INDEX_FILE);
    await putJson(store, artifactKey('run-4', 'failure'), {});
    await putJson(store, artifactKey('run-5', 'request'), {});
    expect((await listRuns(store)).map(({ runId, status }) => `${runId} ${status}`)).toEqual([
      'run-5 unfinished',
      'run-4 failed',
      'run-3 ready',
      'run-2 live',
      'run-1 previous',
    ]);
  });

  it('is empty before the first run', async () => {
    expect(await listRuns(store)).toEqual([]);
  });
});

describe('promoting a run', () => {
  it('makes it live and remembers the one before', async () => {
    await publish(store, 'run-1');
    await store.put(artifactKey('run-2', 'serving'), SAMPLE_INDEX_FILE);
    expect(await promoteRun(store, 'run-2', NOW)).toBe('run-1');
    expect(await live()).toEqual({ runId: 'run-2', publishedAt: NOW, previous: 'run-1' });
  });

  it('changes nothing when it is live already', async () => {
    await publish(store, 'run-1', { previous: 'run-0' });
    const before = await live();
    await promoteRun(store, 'run-1', NOW);
    expect(await live()).toEqual(before);
  });

  it('refuses a run that does not exist or did not finish', async () => {
    await publish(store, 'run-1');
    await expect(promoteRun(store, 'run-9', NOW)).rejects.toThrow(/"run-9".*npm run runs/s);
    expect((await live())?.runId).toBe('run-1');
  });

  it('refuses a run whose index is torn: recommend could not load it', async () => {
    await publish(store, 'run-1');
    await store.put(artifactKey('run-2', 'serving'), SAMPLE_INDEX_FILE.subarray(0, 100));
    await expect(promoteRun(store, 'run-2', NOW)).rejects.toMatchObject({ name: 'ArtifactError' });
    expect((await live())?.runId).toBe('run-1');
  });

  it('loses against somebody who moved the pointer meanwhile', async () => {
    await publish(store, 'run-1');
    await store.put(artifactKey('run-2', 'serving'), SAMPLE_INDEX_FILE);
    store.beforeRead = async (key) => {
      if (key === artifactKey('run-2', 'serving')) await putJson(store, CURRENT_KEY, { runId: 'run-3' });
    };
    await expect(promoteRun(store, 'run-2', NOW)).rejects.toMatchObject({ name: 'ConflictError' });
  });
});

describe('rolling back', () => {
  it('returns to the previous run, and from there back again', async () => {
    await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
    await publish(store, 'run-2', { previous: 'run-1' });
    expect(await rollBack(store, NOW)).toBe('run-1');
    expect(await live()).toEqual({ runId: 'run-1', publishedAt: NOW, previous: 'run-2' });
    expect(await rollBack(store, NOW)).toBe('run-2');
  });

  it('says so when there is nothing to return to', async () => {
    await expect(rollBack(store, NOW)).rejects.toThrow(/Nothing is live/);
    await publish(store, 'run-1');
    await expect(rollBack(store, NOW)).rejects.toThrow(/run-1 is the first/);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../../engine/artifacts/artifact-keys.ts';
import { listRuns, readManifest } from '../../../../lambdas/shared/runs/registry.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { GOLDEN_RELEASES } from '../../../golden/releases.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../../support/published-model.ts';

let store: MemoryArtifactStore;
const noFault = (error: Error) => {
  throw error;
};

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
    await putJson(store, artifactKey('run-6', 'unchanged'), {});
    expect((await listRuns(store, noFault)).map(({ runId, status }) => `${runId} ${status}`)).toEqual([
      'run-6 unchanged',
      'run-5 unfinished',
      'run-4 failed',
      'run-3 ready',
      'run-2 live',
      'run-1 previous',
    ]);
  });

  it('is empty before the first run', async () => {
    expect(await listRuns(store, noFault)).toEqual([]);
  });

  it.each(['', '{ torn', '{"runId": 1}'])(
    'lists all runs with a pointer of %j and says what is wrong',
    async (text) => {
      await publish(store, 'run-2', { previous: 'run-1' });
      await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
      await store.put(CURRENT_KEY, text);
      const faults: string[] = [];
      const runs = await listRuns(store, ({ message }) => faults.push(message));
      expect(runs.map(({ runId, status }) => `${runId} ${status}`)).toEqual(['run-2 ready', 'run-1 ready']);
      expect(faults).toEqual([
        expect.stringMatching(/^current\.json in memory:.*npm run promote -- RUN.*npm run rollback/),
      ]);
    },
  );
});

it('refuses the manifest of another run', async () => {
  const [{ read, runId }] = GOLDEN_RELEASES;
  await store.put(artifactKey(runId, 'manifest'), read('manifest'));
  expect(await readManifest(store, runId)).toMatchObject({ runId });
  await store.put(artifactKey('run-1', 'manifest'), read('manifest'));
  await expect(readManifest(store, 'run-1')).rejects.toThrow(`is of run ${runId}`);
});

import { beforeEach, describe, expect, it } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../../engine/artifacts/artifact-keys.ts';
import { readCurrent } from '../../../../lambdas/shared/runs/current.ts';
import { promoteRun, rollBack } from '../../../../lambdas/shared/runs/promotion.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { GOLDEN_RELEASES } from '../../../golden/releases.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../../support/published-model.ts';

const NOW = '2026-11-23T12:00:00.000Z';
let store: MemoryArtifactStore;
const live = async () => (await readCurrent(store))?.pointer;

beforeEach(() => {
  store = new MemoryArtifactStore();
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

describe('a store that does not answer', () => {
  it('fails the promotion and costs nobody the run that a rollback returns to', async () => {
    await publish(store, 'run-1', { previous: 'run-0' });
    await store.put(artifactKey('run-2', 'serving'), SAMPLE_INDEX_FILE);
    const before = await live();
    store.beforeRead = (key) => {
      if (key === artifactKey('run-1', 'serving')) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    };
    await expect(promoteRun(store, 'run-2', NOW)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await live()).toEqual(before);
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

  it('loses against somebody who moved the pointer since it was decided', async () => {
    await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
    await publish(store, 'run-2', { previous: 'run-1' });
    store.beforeRead = () => {
      store.beforeRead = async () => {
        store.beforeRead = () => {};
        await publish(store, 'run-3', { previous: 'run-2' });
      };
    };
    await expect(rollBack(store, NOW)).rejects.toMatchObject({ name: 'ConflictError' });
    expect(await live()).toMatchObject({ runId: 'run-3' });
  });

  it('says so when there is nothing to return to', async () => {
    await expect(rollBack(store, NOW)).rejects.toThrow(/Nothing is live/);
    await publish(store, 'run-1');
    await expect(rollBack(store, NOW)).rejects.toThrow(/run-1 is the first/);
  });
});

describe.each(['', '{ torn', '{}', '{"runId": "run-3"}'])('a pointer that holds %j', (torn) => {
  const [{ read }] = GOLDEN_RELEASES;
  /** A run with its report and its lineage. */
  async function finish(runId: string, promoted: boolean, previous: string | null) {
    await store.put(artifactKey(runId, 'serving'), SAMPLE_INDEX_FILE);
    const report = JSON.parse(read('report').toString());
    await putJson(store, artifactKey(runId, 'report'), { ...report, runId, verdict: { ...report.verdict, promoted } });
    const manifest = JSON.parse(read('manifest').toString());
    await putJson(store, artifactKey(runId, 'manifest'), { ...manifest, runId, lineage: { previous, period: null } });
  }
  beforeEach(async () => {
    await finish('run-1', true, null);
    await finish('run-2', false, 'run-1');
    await finish('run-3', true, 'run-1');
    await finish('run-4', false, 'run-3');
    await store.put(CURRENT_KEY, torn);
  });

  it('is mended by promoting a run, and what was live last becomes previous', async () => {
    expect(await promoteRun(store, 'run-4', NOW)).toBe('run-3');
    expect(await live()).toEqual({ runId: 'run-4', publishedAt: NOW, previous: 'run-3' });
  });

  it('is mended by promoting the run that was live, which keeps its previous one', async () => {
    await promoteRun(store, 'run-3', NOW);
    expect(await live()).toEqual({ runId: 'run-3', publishedAt: NOW, previous: 'run-1' });
  });

  it('is mended by a rollback to the run that was live before, and from there back again', async () => {
    expect(await rollBack(store, NOW)).toBe('run-1');
    expect(await live()).toEqual({ runId: 'run-1', publishedAt: NOW, previous: 'run-3' });
    expect(await rollBack(store, NOW)).toBe('run-3');
  });

  it('is mended though the newest run is damaged in every file', async () => {
    for (const name of ['serving', 'report', 'manifest'] as const) await store.put(artifactKey('run-3', name), '{}');
    expect(await rollBack(store, NOW)).toBe('run-1');
    expect(await live()).toEqual({ runId: 'run-1', publishedAt: NOW, previous: null });
  });

  it('says so when no run can be served', async () => {
    for (const run of ['run-1', 'run-3']) await store.put(artifactKey(run, 'serving'), 'damaged');
    await expect(rollBack(store, NOW)).rejects.toThrow(/No run in the registry went live and can be served/);
    await expect(promoteRun(store, 'run-3', NOW)).rejects.toMatchObject({ name: 'ArtifactError' });
    await promoteRun(store, 'run-4', NOW);
    expect(await live()).toEqual({ runId: 'run-4', publishedAt: NOW, previous: null });
  });
});

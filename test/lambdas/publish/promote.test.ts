import { describe, expect, it } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import type { Verdict } from '../../../engine/evaluation/run-report.ts';
import { promote as promoteAndReport } from '../../../lambdas/publish/promote.ts';
import type { ArtifactStore } from '../../../lambdas/shared/store/artifact-store.ts';
import { getJson } from '../../support/get-json.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { SAMPLE_INDEX_FILE } from '../../support/published-model.ts';

const RUNS = ['20261101T000000000Z-00000001', '20261102T000000000Z-00000002', '20261103T000000000Z-00000003'];
const AT = '2026-11-23T10:00:00.000Z';
const YES: Verdict = { promoted: true, reason: 'It is better.', checks: [] };

/** Each run has an index by then. */
async function promote(store: ArtifactStore, runId: string, at: string, verdict: Verdict, report = async () => {}) {
  await store.put(artifactKey(runId, 'serving'), SAMPLE_INDEX_FILE);
  return promoteAndReport(store, runId, at, verdict, report);
}

describe('promote', () => {
  it('makes the first run live, then each newer one, and keeps the one before for a rollback', async () => {
    const store = new MemoryArtifactStore();
    let previous: string | null = null;
    for (const runId of RUNS) {
      expect(await promote(store, runId, AT, YES)).toEqual(YES);
      expect(await getJson(store, CURRENT_KEY)).toEqual({ runId, publishedAt: AT, previous });
      previous = runId;
    }
  });

  it('never puts an older run in the place of a newer one', async () => {
    const store = new MemoryArtifactStore();
    await promote(store, RUNS[1], AT, YES);
    const verdict = await promote(store, RUNS[0], AT, YES);
    expect(verdict.promoted).toBe(false);
    expect(verdict.reason).toContain(RUNS[1]);
    expect(verdict.checks).toMatchObject([{ passed: false }]);
    expect(await getJson(store, CURRENT_KEY)).toMatchObject({ runId: RUNS[1], previous: null });
  });

  it('GIVEN a live run that began after now, since its clock was wrong, THEN the next run takes its place', async () => {
    const store = new MemoryArtifactStore();
    const ahead = '20261124T000000000Z-00000009';
    await promote(store, ahead, '2026-11-24T00:01:00.000Z', YES);
    expect(await promote(store, RUNS[2], AT, YES)).toEqual(YES);
    expect(await getJson(store, CURRENT_KEY)).toEqual({ runId: RUNS[2], publishedAt: AT, previous: ahead });
  });

  it('finds its own run live when it is repeated, and does not become its own previous', async () => {
    const store = new MemoryArtifactStore();
    await promote(store, RUNS[0], AT, YES);
    await promote(store, RUNS[1], AT, YES);
    expect(await promote(store, RUNS[1], '2026-11-24T00:00:00.000Z', YES)).toEqual(YES);
    expect(await getJson(store, CURRENT_KEY)).toEqual({ runId: RUNS[1], publishedAt: AT, previous: RUNS[0] });
  });

  it('moves nothing when the gate refused the run', async () => {
    const store = new MemoryArtifactStore();
    const no = { ...YES, promoted: false };
    expect(await promote(store, RUNS[0], AT, no)).toEqual(no);
    expect(await store.get(CURRENT_KEY)).toBeUndefined();
  });

  it.each([
    ['there was nothing', undefined],
    ['there was an older run', RUNS[0]],
  ])(
    'loses with a ConflictError when somebody else moved current meanwhile and %s; trying again decides anew',
    async (_, live) => {
      const store = new MemoryArtifactStore();
      if (live !== undefined) await promote(store, live, AT, YES);
      const put = store.put.bind(store);
      store.put = async (key, body, condition) => {
        if (key !== CURRENT_KEY) return put(key, body, condition);
        store.put = put;
        await promote(store, RUNS[2], AT, YES);
        return put(key, body, condition);
      };
      await expect(promote(store, RUNS[1], AT, YES)).rejects.toMatchObject({ name: 'ConflictError' });
      expect(await getJson(store, CURRENT_KEY)).toMatchObject({ runId: RUNS[2], previous: live ?? null });
      expect((await promote(store, RUNS[1], AT, YES)).promoted).toBe(false);
    },
  );

  it.each(['not JSON', '{"run": 1}'])('does not overwrite a pointer that it cannot read: %s', async (text) => {
    const store = new MemoryArtifactStore();
    await store.put(CURRENT_KEY, text);
    await expect(promote(store, RUNS[0], AT, YES)).rejects.toMatchObject({ name: 'ArtifactError' });
    expect(Buffer.from((await store.get(CURRENT_KEY))!.bytes).toString()).toBe(text);
  });

  it('writes the verdict down before the run is live, as it turned out', async () => {
    const store = new MemoryArtifactStore();
    const seen: [string | undefined, boolean][] = [];
    const report = async (verdict: Verdict) => {
      const pointer = await getJson<{ runId: string }>(store, CURRENT_KEY);
      seen.push([pointer?.runId, verdict.promoted]);
    };
    await store.put(artifactKey(RUNS[0], 'serving'), SAMPLE_INDEX_FILE);
    await promoteAndReport(store, RUNS[1], AT, YES, report);
    await promoteAndReport(store, RUNS[0], AT, YES, report);
    await promoteAndReport(store, RUNS[2], AT, { ...YES, promoted: false }, report);
    expect(seen).toEqual([
      [undefined, true],
      [RUNS[1], false],
      [RUNS[1], false],
    ]);
  });

  it('moves nothing when the verdict cannot be written down', async () => {
    const store = new MemoryArtifactStore();
    const full = async () => {
      throw new Error('the disk is full');
    };
    await expect(promoteAndReport(store, RUNS[0], AT, YES, full)).rejects.toThrow('the disk is full');
    expect(await store.get(CURRENT_KEY)).toBeUndefined();
  });

  it('never lets a run that cannot be served become previous: the one before stays', async () => {
    const store = new MemoryArtifactStore();
    await promote(store, RUNS[0], AT, YES);
    await promote(store, RUNS[1], AT, YES);
    await store.put(artifactKey(RUNS[1], 'serving'), SAMPLE_INDEX_FILE.subarray(0, 500));
    await promote(store, RUNS[2], AT, YES);
    expect(await getJson(store, CURRENT_KEY)).toEqual({ runId: RUNS[2], publishedAt: AT, previous: RUNS[0] });
  });

  it('does not take a store that fails for a run that cannot be served', async () => {
    const store = new MemoryArtifactStore();
    await promote(store, RUNS[0], AT, YES);
    await store.put(artifactKey(RUNS[1], 'serving'), SAMPLE_INDEX_FILE);
    store.beforeRead = (key) => {
      if (key.endsWith('index.bin')) throw new Error('SlowDown');
    };
    await expect(promoteAndReport(store, RUNS[1], AT, YES, async () => {})).rejects.toThrow('SlowDown');
    store.beforeRead = () => {};
    expect(await getJson(store, CURRENT_KEY)).toMatchObject({ runId: RUNS[0] });
  });
});

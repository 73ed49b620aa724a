import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { openLiveModel } from '../../../lambdas/evaluate/live-model.ts';
import type { ArtifactStore } from '../../../lambdas/shared/store/artifact-store.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../../scripts/lib/workspace.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const RELEASE = join(import.meta.dirname, '../../golden/0.1.0');
const [RUN] = readdirSync(join(RELEASE, 'runs'));

let folder: string;
let store: ArtifactStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-model-test-'));
  await cp(RELEASE, folder, { recursive: true });
  store = await openArtifactStore(workspaceUri(folder));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const faults: string[] = [];
const open = () => openLiveModel(store, (message) => faults.push(message));
const json = async (name: 'manifest' | 'report') =>
  JSON.parse(await readFile(join(folder, artifactKey(RUN, name)), 'utf8'));

describe('a live run of release 0.1.0', () => {
  it('is asked about its newest sessions, with its report to compare with, since it kept no answers', async () => {
    const live = (await open())!;
    expect(live.runId).toBe(RUN);
    expect(live.reference.length).toBeGreaterThan(5);
    for (const session of live.reference) expect(new Set(session).size).toBeGreaterThan(1);
    const { backtest } = (await json('report')).evaluation;
    expect(live.answered).toEqual(backtest.evaluations[backtest.best].newProducts);
    expect(live.lastSessionMs).toBe(Date.parse((await json('manifest')).lineage.period.to));
  });

  it('that dates a session later than itself is taken to have seen what began before it did', async () => {
    const manifest = await json('manifest');
    manifest.lineage.period.to = '2999-01-01T00:00:00.000Z';
    await writeFile(join(folder, artifactKey(RUN, 'manifest')), JSON.stringify(manifest));
    // The run's id is its start.
    expect(new Date((await open())!.lastSessionMs!).toISOString().replaceAll(/[-:.]/g, '')).toBe(RUN.split('-')[0]);
  });

  it('that was not measured is asked nothing', async () => {
    const report = await json('report');
    report.evaluation.backtest = null;
    await writeFile(join(folder, artifactKey(RUN, 'report')), JSON.stringify(report));
    expect(await open()).toMatchObject({ reference: [], answered: undefined });
  });
});

it('a run that kept its answers is asked the same', async () => {
  const sessions = [{ products: ['a', 'b'], places: [3] }];
  await putJson(store, artifactKey(RUN, 'reference_sessions'), { sessions });
  expect(await open()).toMatchObject({ reference: [['a', 'b']], answered: [[3]] });
});

it('a live run that is damaged keeps nobody out, and somebody is told', async () => {
  await writeFile(join(folder, artifactKey(RUN, 'serving')), 'torn');
  expect(await open()).toBeUndefined();
  expect(faults).toHaveLength(1);
  expect(await openLiveModel(new MemoryArtifactStore(), () => {})).toBeUndefined();
});

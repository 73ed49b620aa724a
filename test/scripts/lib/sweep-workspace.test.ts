import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { artifactKey, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { FileArtifactStore } from '../../../lambdas/shared/store/file-artifact-store.ts';
import { sweepWorkspace } from '../../../scripts/lib/sweep-workspace.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../support/published-model.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:00.000Z');
const YOUNG = '20261120T000000000Z-00000001';
const OLD = '20261101T000000000Z-00000002';
const OLDER = '20261031T000000000Z-00000003';

let workspace: string;
let store: FileArtifactStore;
let told: string;
const sweep = (resumedRunId?: string) =>
  sweepWorkspace(workspace, store, { write: (text) => (told += text) }, NOW_MS, resumedRunId);
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'sweep-workspace-'));
  store = new FileArtifactStore(workspace);
  told = '';
});
afterEach(() => rm(workspace, { recursive: true }));

it('removes runs that began more than 7 days ago and did not finish, and says so', async () => {
  for (const runId of [YOUNG, OLD, OLDER]) await store.put(stageRecordKey(runId, 'ingest'), '{}');
  await store.put(artifactKey(OLDER, 'failure'), '{}');
  await store.put('raw/clicks.csv', 'kept');
  await sweep();
  expect((await store.list('')).map(({ key }) => key)).toEqual(['raw/clicks.csv', stageRecordKey(YOUNG, 'ingest')]);
  expect(told.split('\n')).toEqual([
    `Removed run ${OLD}, which began more than 7 days ago and did not finish.`,
    `Removed run ${OLDER}, which began more than 7 days ago and did not finish.`,
    '',
  ]);
});

it('keeps the run that is resumed, however old', async () => {
  for (const runId of [OLD, OLDER]) await store.put(stageRecordKey(runId, 'ingest'), '{}');
  await sweep(OLD);
  expect((await store.list('')).map(({ key }) => key)).toEqual([stageRecordKey(OLD, 'ingest')]);
});

it('keeps every run that finished, and those that current.json names, however old', async () => {
  await store.put(artifactKey(OLDER, 'serving'), SAMPLE_INDEX_FILE);
  await publish(store, OLD, { previous: 'gone' });
  const before = await store.list('');
  await sweep();
  expect((await store.list('')).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  expect(told).toBe('');
});

it('removes what writers that died an hour ago left, and not what may still be written', async () => {
  const left = join(workspace, 'runs', YOUNG, '.writing-0f');
  const underWay = join(workspace, '.writing-1f');
  for (const folder of [left, underWay]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'content'), 'customers');
  }
  await utimes(left, NOW_MS / 1000 - 3_700, NOW_MS / 1000 - 3_700);
  await utimes(underWay, NOW_MS / 1000 - 3_500, NOW_MS / 1000 - 3_500);
  await sweep();
  expect([existsSync(left), existsSync(underWay)]).toEqual([false, true]);
});

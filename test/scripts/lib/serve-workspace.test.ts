import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import type { ArtifactStore } from '../../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { type ApiServer, requireFreePort } from '../../../scripts/lib/serve-api.ts';
import { LOCAL_CHECK_INTERVAL_MS, serveWorkspace } from '../../../scripts/lib/serve-workspace.ts';
import { publish } from '../../support/published-model.ts';

let workspace: string;
let store: ArtifactStore;
let server: ApiServer | undefined;
let terminal: string;

const serve = async () => {
  server = await serveWorkspace(workspace, 0, { stderr: { write: (text) => (terminal += text) } });
};
const health = async () => (await fetch(`${server!.url}/v1/health`)).status;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  terminal = '';
  server = undefined;
  workspace = await mkdtemp(join(tmpdir(), 'alike-serve-'));
  store = await openArtifactStore(pathToFileURL(workspace).href);
  await publish(store, 'run-1');
});
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
  await rm(workspace, { recursive: true });
});

test('says nothing while the published model answers', async () => {
  await serve();
  expect(await health()).toBe(200);
  expect(terminal).toBe('');
});

test('answers by a newly published run within two seconds', async () => {
  await serve();
  await publish(store, 'run-2', { previous: 'run-1' });
  vi.advanceTimersByTime(2_000);
  expect(await (await fetch(`${server!.url}/v1/model`)).json()).toMatchObject({ modelVersion: 'run-2' });
});

test('says once on the terminal that an older model answers, and that it is over', async () => {
  await serve();
  await publish(store, 'run-2', { previous: 'run-1' });
  await writeFile(join(workspace, artifactKey('run-2', 'serving')), 'torn');
  for (let check = 0; check < 3; check++) {
    vi.advanceTimersByTime(LOCAL_CHECK_INTERVAL_MS);
    expect(await health()).toBe(200);
  }
  expect(terminal).toMatch(/^degraded: .+ Meanwhile run run-1 answers\.\n$/);
  await publish(store, 'run-3', { previous: 'run-1' });
  vi.advanceTimersByTime(LOCAL_CHECK_INTERVAL_MS);
  await health();
  expect(terminal).toMatch(/\nrecovered: run run-3 answers\n$/);
});

test('says so at its start when the published model cannot be read', async () => {
  await publish(store, 'run-2', { previous: 'run-1' });
  await writeFile(join(workspace, artifactKey('run-2', 'serving')), 'torn');
  await serve();
  expect(terminal).toMatch(/^degraded: .+ Meanwhile run run-1 answers\.\n$/);
});

test('says what a request failed of, under its id', async () => {
  await serve();
  await writeFile(join(workspace, artifactKey('run-1', 'manifest')), '{ torn');
  expect((await fetch(`${server!.url}/v1/model`)).status).toBe(200);
  expect(terminal).toMatch(/^error: .*manifest\.json/);
});

test('says when nothing can be answered at all', async () => {
  await writeFile(join(workspace, CURRENT_KEY), 'torn');
  await serve();
  expect(await health()).toBe(503);
  expect(terminal).toMatch(/^degraded: .+ Meanwhile nothing answers\.\n$/);
});

test('when a thread fails at its start, the others end and the port is free again', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const workers: Worker[] = [];
  const started = (worker: Worker) => {
    if (workers.push(worker) === 2) worker.emit('error', new Error('no memory'));
  };
  process.on('worker', started);
  await expect(serveWorkspace(workspace, port, { workers: 4 })).rejects.toThrow('no memory');
  process.off('worker', started);
  // The number of one that has ended.
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1, -1]);
  await requireFreePort(port);
});

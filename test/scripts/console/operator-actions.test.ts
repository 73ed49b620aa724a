import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { readCurrent } from '../../../lambdas/shared/runs/current.ts';
import { operatorActions } from '../../../scripts/console/operator-actions.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../support/published-model.ts';

let store: MemoryArtifactStore;
let server: Server;
beforeEach(async () => {
  store = new MemoryArtifactStore();
  await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
  const answer = operatorActions({ name: 'test', store }, () => Date.parse('2026-11-23T12:00:00.000Z'));
  server = createServer((incoming, outgoing) => void answer(incoming, outgoing, incoming.url!));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => new Promise((closed) => server.close(closed)));

async function act(path: string, body: unknown) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const response = await fetch(`${url}/console/${path}`, {
    method: 'POST',
    headers: { origin: url, connection: 'close' },
    body: JSON.stringify(body),
  });
  return response.status;
}

/** Another run goes live once the action has read what is live. */
function overtake() {
  store.beforeRead = () => {
    store.beforeRead = async () => {
      store.beforeRead = () => {};
      await publish(store, 'run-3', { previous: 'run-2' });
    };
  };
}

test.each([
  ['promote', { runId: 'run-1', liveRunId: 'run-2' }],
  ['rollback', { liveRunId: 'run-2' }],
])('%s is refused when another run goes live after the page was found right', async (path, body) => {
  await publish(store, 'run-2', { previous: 'run-1' });
  overtake();
  expect(await act(path, body)).toBe(409);
  expect((await readCurrent(store))?.pointer.runId).toBe('run-3');
});

test('the first promotion is refused when another run is the first to go live', async () => {
  overtake();
  expect(await act('promote', { runId: 'run-1', liveRunId: null })).toBe(409);
  expect((await readCurrent(store))?.pointer.runId).toBe('run-3');
});

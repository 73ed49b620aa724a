import { expect, test } from 'vitest';
import { fetchSources } from '../../../lambdas/ingest/fetch-sources.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

test('a deployment reads no file of the machine that it runs on', async () => {
  const store = new MemoryArtifactStore();
  expect(store.uri.startsWith('file:')).toBe(false);
  const request = { source: 'file:///etc/passwd', encoding: 'utf-8' as const };
  await expect(fetchSources(store, request, '/nowhere', false)).rejects.toThrow(
    /reads no local file.*upload it under raw\//s,
  );
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
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

test('a file that cannot be fetched fails all once the others are no longer written to the folder, and no more are begun', async () => {
  const store = new MemoryArtifactStore();
  for (let i = 0; i < 40; i++) await store.put(`raw/${i}.csv`, Buffer.from('a,b\n'));
  let begun = 0;
  let writing = 0;
  store.download = async (key) => {
    begun++;
    if (key === 'raw/0.csv') throw new InputError('raw/0.csv is broken');
    writing++;
    await sleep(50);
    writing--;
    throw new Error('a later one');
  };
  const request = { source: 'raw/', encoding: 'utf-8' as const };
  await expect(fetchSources(store, request, '/nowhere', false)).rejects.toThrow('raw/0.csv is broken');
  expect({ begun, writing }).toEqual({ begun: 16, writing: 0 });
});

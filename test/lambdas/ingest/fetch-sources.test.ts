import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { fetchSources } from '../../../lambdas/ingest/fetch-sources.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
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

describe('a folder with links', () => {
  let root: string;
  let fetches = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'alike-fetch-'));
    for (const name of ['elsewhere', 'data', 'broken', 'hidden', '2026', 'months']) await mkdir(join(root, name));
    await writeFile(join(root, 'elsewhere/a.csv'), 'a,b\n');
    await writeFile(join(root, 'data/b.csv'), 'a,b\n');
    await symlink(join(root, 'elsewhere'), join(root, 'data/linked'));
    await symlink('data', join(root, 'shortcut'));
    await writeFile(join(root, 'broken/c.csv'), 'a,b\n');
    await symlink(join(root, 'gone'), join(root, 'broken/june'));
    await writeFile(join(root, '2026/d.csv'), 'a,b\n');
    await symlink('../2026', join(root, 'months/2026'));
    await symlink('2026', join(root, 'months/latest'));
    await symlink('2026/d.csv', join(root, 'months/newest.csv'));
    await writeFile(join(root, 'hidden/c.csv'), 'a,b\n');
    await symlink('nobody@host.1', join(root, 'hidden/.#c.csv'));
  });
  afterAll(() => rm(root, { recursive: true }));

  const namesOf = async (name: string) => {
    const store = await openArtifactStore(pathToFileURL(root).href);
    const folder = join(root, `_fetched-${fetches++}`);
    await mkdir(folder);
    const source = pathToFileURL(join(root, name)).href;
    const { files } = await fetchSources(store, { source, encoding: 'utf-8' }, folder, false);
    return files.map(({ input }) => input.name);
  };

  test('is read through them', async () => {
    expect(await namesOf('data')).toEqual(['data/b.csv', 'data/linked/a.csv']);
    expect(await namesOf('shortcut')).toEqual(['shortcut/b.csv', 'shortcut/linked/a.csv']);
  });

  test('has each file once, by whatever names', async () => {
    expect(await namesOf('months')).toEqual(['months/2026/d.csv']);
  });

  test('is refused when one leads nowhere, unless it is hidden, as an editor leaves them', async () => {
    await expect(namesOf('broken')).rejects.toThrow(InputError);
    await expect(namesOf('broken')).rejects.toThrow(`june is a link to ${join(root, 'gone')}, which is not there`);
    expect(await namesOf('hidden')).toEqual(['hidden/c.csv']);
  });
});

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../../../engine/errors.ts';
import { FileArtifactStore } from '../../../../lambdas/shared/store/file-artifact-store.ts';

// Tests may run as root, who may read anything.
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const denying =
    (name: 'access' | 'copyFile' | 'readdir') =>
    (path: string, ...rest: never[]) =>
      path.includes('secret')
        ? Promise.reject(Object.assign(new Error(`EACCES: permission denied, ${name} '${path}'`), { code: 'EACCES' }))
        : (original[name] as (path: string, ...rest: never[]) => Promise<unknown>)(path, ...rest);
  return { ...original, access: denying('access'), copyFile: denying('copyFile'), readdir: denying('readdir') };
});

let folder: string;
let store: FileArtifactStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-unreadable-'));
  store = new FileArtifactStore(join(folder, 'data'));
  await mkdir(join(folder, 'data', 'secret-folder'), { recursive: true });
  await writeFile(join(folder, 'data', 'secret.csv'), 'a,b\n');
});
afterEach(() => rm(folder, { recursive: true }));

test('a file that may not be read is neither lent nor copied, and only reading is asked for', async () => {
  const path = join(folder, 'data', 'secret.csv');
  const copy = join(folder, 'copy');
  expect(await store.lend('secret.csv', copy)).toBeUndefined();
  await expect(store.download('secret.csv', copy)).rejects.toThrow(
    new ConfigurationError(
      `Cannot read ${path}: EACCES: permission denied, access '${path}'. Let this user read it, or name another place.`,
    ),
  );
  expect(await readdir(folder)).toEqual(['data']);
});

test('so is a folder that may not be listed', async () => {
  const path = join(folder, 'data', 'secret-folder');
  await expect(store.list('')).rejects.toThrow(
    new ConfigurationError(
      `Cannot list ${path}: EACCES: permission denied, readdir '${path}'. Let this user read it, or name another place.`,
    ),
  );
});

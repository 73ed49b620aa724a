import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigurationError, InputError } from '../../../engine/errors.ts';
import { loadLocally, requireFeedFile } from '../../../scripts/catalogue/load-locally.ts';

// Tests may run as root, who may read anything.
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const failing = (name: 'access' | 'copyFile', part: string, code: string) => (path: string, option: never) =>
    path.includes(part)
      ? Promise.reject(Object.assign(new Error(`${code}: reason, ${name}`), { code }))
      : original[name](path, option);
  return {
    ...original,
    access: failing('access', 'secret', 'EACCES'),
    copyFile: failing('copyFile', 'large', 'ENOSPC'),
  };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-load-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a feed is a file', async () => {
  await writeFile(join(folder, 'feed.csv'), 'id\n');
  expect(await requireFeedFile(join(folder, 'feed.csv'))).toEqual({ path: join(folder, 'feed.csv'), sizeBytes: 3 });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(requireFeedFile(folder)).rejects.toThrow(new InputError(`"${folder}" is a folder: name a file in it.`));
  await expect(requireFeedFile(join(folder, 'pipe'))).rejects.toThrow(
    'is a pipe or a device: write it to a file first.',
  );
  await expect(requireFeedFile(join(folder, 'lst'))).rejects.toThrow(/^There is no file .* or one of list, promote/);
  await expect(requireFeedFile(join(folder, 'feed.csv/x'))).rejects.toThrow(/^There is no file /);
});

test.each(['https://shop.example/feed.xml', 's3://bucket/feed.csv', 'ftp://shop.example/feed.csv'])(
  'GIVEN the address %s in place of a file THEN it says to download it',
  async (address) => {
    await expect(requireFeedFile(address)).rejects.toThrow(
      new InputError(
        `"${address}" is an address, and a feed is a file: download it first, as with curl -o feed.xml ADDRESS, and name that.`,
      ),
    );
  },
);

test('one that may not be read says so before anything is made', async () => {
  const path = join(folder, 'secret.csv');
  await writeFile(path, 'id\n');
  await expect(loadLocally(path, join(folder, 'workspace'), {} as never)).rejects.toThrow(
    new ConfigurationError(
      `Cannot read ${path}: EACCES: reason, access. Let this user read it, or name another place.`,
    ),
  );
  expect(await readdir(folder)).toEqual(['secret.csv']);
});

test('one that does not fit on the disk of temporary files names the variable that chooses it', async () => {
  const path = join(folder, 'large.csv');
  await writeFile(path, 'id\n');
  await expect(loadLocally(path, join(folder, 'workspace'), {} as never)).rejects.toThrow(
    /^Cannot copy .*large\.csv to .* choose a folder on another disk \(TMPDIR\)\.$/,
  );
});

import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { writeWhole } from '../../../scripts/lib/write-whole.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('makes the folder, and replaces a file', async () => {
  const path = join(folder, 'made', 'a.csv');
  await writeWhole(path, ['a,', 'b\n']);
  expect(await readFile(path, 'utf8')).toBe('a,b\n');
  await writeWhole(path, ['c\n']);
  expect(await readFile(path, 'utf8')).toBe('c\n');
  expect(await readdir(join(folder, 'made'))).toEqual(['a.csv']);
});

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a folder', (path: string) => mkdir(path)],
])('leaves %s as it is', async (kind, make) => {
  const path = join(folder, 'taken');
  await make(path);
  const before = await lstat(path);
  await symlink('taken', join(folder, 'link'));
  for (const place of [path, join(folder, 'link')]) {
    await expect(writeWhole(place, ['a'])).rejects.toThrow(
      new ConfigurationError(
        `Cannot write ${place}: it is ${kind}, not a file: choose another place (--workspace or --out).`,
      ),
    );
  }
  expect((await lstat(path)).ino).toBe(before.ino);
  expect((await readdir(folder)).toSorted()).toEqual(['link', 'taken']);
});

test('writes what a link leads to, there already or not', async () => {
  await mkdir(join(folder, 'disk'));
  await writeFile(join(folder, 'disk', 'old.csv'), 'old');
  for (const name of ['old.csv', 'new.csv']) {
    await symlink(join('disk', name), join(folder, name));
    await writeWhole(join(folder, name), ['new']);
    expect(await readlink(join(folder, name))).toBe(join('disk', name));
    expect(await readFile(join(folder, 'disk', name), 'utf8')).toBe('new');
  }
  expect((await readdir(join(folder, 'disk'))).toSorted()).toEqual(['new.csv', 'old.csv']);
});

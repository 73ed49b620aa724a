import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../engine/errors.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../../lambdas/shared/duckdb/temporary-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'temporary-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

async function leave(name: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder);
  await writeFile(join(folder, 'source-0'), 'clicks of customers');
  return folder;
}

it('copies of data that a process left when it died are removed by the next one', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const left = await leave(`alike-duckdb-${pid}-abc`);
  await makeTemporaryFolder(parent);
  expect(existsSync(left)).toBe(false);
});

it('so are those of a process that had the same id, as in a warm Lambda', async () => {
  const left = await leave(`alike-duckdb-${process.pid}-abc`);
  await makeTemporaryFolder(parent);
  expect(existsSync(left)).toBe(false);
});

it('what this process, another one that lives, or somebody else works with stays', async () => {
  const own = await makeTemporaryFolder(parent);
  const others = [
    await leave(`alike-duckdb-${process.ppid}-abc`),
    await leave('alike-duckdb'),
    await leave('other-1-a'),
  ];
  const second = await makeTemporaryFolder(parent);
  expect([own, second, ...others].map((folder) => existsSync(folder))).toEqual([true, true, true, true, true]);
  await removeTemporaryFolder(own);
  expect([own, second].map((folder) => existsSync(folder))).toEqual([false, true]);
});

it('what is made while another call lists the folders stays', async () => {
  const makeSome = async () => [
    await makeTemporaryFolder(parent),
    await makeTemporaryFolder(parent),
    await makeTemporaryFolder(parent),
  ];
  const made = (await Promise.all(Array.from({ length: 50 }, makeSome))).flat();
  expect(made.filter((folder) => !existsSync(folder))).toEqual([]);
});

it.each(['nowhere', 'file'])('a parent that is no folder names the variable that chooses it: %s', async (name) => {
  await writeFile(join(parent, 'file'), '');
  const made = makeTemporaryFolder(join(parent, name));
  await expect(made).rejects.toThrow(ConfigurationError);
  await expect(made).rejects.toThrow(/There is no such folder: make it, or choose another \(TMPDIR\)\.$/);
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('refuses a file that is not the data set, says what it found and keeps it', async () => {
  const other = join(folder, 'other.csv');
  await writeFile(other, 'a;b\n');
  const out = join(folder, 'out');
  const { exitCode, stderr } = await runScript('data.ts', 'eshop', '--from', other, '--out', out);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('expected fcc167bbd0badd4c9685bd8543097e318f8228e48075335db7cd781cee88115d');
  expect(await readdir(out)).toEqual([expect.stringMatching(/^eshop\.sha256-[0-9a-f]{12}\.csv$/)]);
});

it('names the data sets there are', async () => {
  const { exitCode, stderr } = await runScript('data.ts', 'shop');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are eshop.');
});

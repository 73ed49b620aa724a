import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clickstream, SAMPLE } from '../../scripts/sample/clickstream.ts';
import { runScript } from '../support/run-script.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-sample-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  [[], SAMPLE],
  [['--sessions', '20'], { ...SAMPLE, sessions: 20 }],
  [['--sessions', '20', '--products', '9', '--seed', '0'], { sessions: 20, products: 9, seed: 0 }],
])('writes the clickstream of the size asked for: %j', async (argv, size) => {
  const out = join(folder, 'made', 'sample.csv');
  const { exitCode, stdout } = await runScript('sample.ts', '--out', out, ...argv);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`npm run train -- --data ${out} --format eshop`);
  expect((await readFile(out, 'utf8')) === [...clickstream(size)].join('')).toBe(true);
});

it('does not write the feed over the clickstream', async () => {
  const out = join(folder, 'same.csv');
  const { exitCode, stderr } = await runScript('sample.ts', '--out', out, '--feed', `${folder}/x/../same.csv`);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`--out and --feed name the same file, "${out}"`);
  expect(existsSync(out)).toBe(false);
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-reporter-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What Vitest prints last when it runs this test file with the reporter. */
async function endOfRun(tests: string): Promise<string> {
  await writeFile(join(folder, 'some.test.js'), tests);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs'),
    ...['run', '--root', folder, '--globals'],
    ...['--reporter=default', `--reporter=${join(import.meta.dirname, 'skipped-tests-reporter.ts')}`],
  ]);
  return stdout.slice(stdout.indexOf('Duration')).split('\n').slice(1).join('\n').trim();
}

it('says at the end which tests were skipped and why', async () => {
  const tests = `
    describe('the shop', () => {
      beforeEach(({ skip }) => skip(true, 'no file; get it with: npm run data'));
      it('counts', () => {});
      it('sums', () => {});
    });
    it.skip('waits', () => {});
    it('runs', () => {});`;
  expect(await endOfRun(tests)).toBe(
    [
      'SKIPPED 2 tests: no file; get it with: npm run data',
      '  some.test.js: the shop > counts',
      '  some.test.js: the shop > sums',
      '',
      'SKIPPED 1 test: no reason given',
      '  some.test.js: waits',
    ].join('\n'),
  );
});

it('says nothing when all tests ran', async () => {
  expect(await endOfRun("it('runs', () => {});")).toBe('');
});

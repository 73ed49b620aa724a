import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { writeClickstream } from '../../../scripts/sample/write-clickstream.ts';

/** Prints what a process has loaded when it ends, a URL a line. */
const PRINT_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on('exit', () => process.stdout.write(loaded.join('\\n') + '\\n'));
`)}`;

test('a run on this machine loads nothing that only AWS needs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loaded-packages-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const data = join(folder, 'clicks.csv');
  await writeClickstream(data, { sessions: 500, products: 40, seed: 3 });
  const script = join(import.meta.dirname, '../../../scripts/train.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    PRINT_LOADED,
    ...[script, '--data', data, '--format', 'eshop', '--preset', 'layer', '--workspace', folder],
  ]);
  const packages = new Set(
    [...stdout.matchAll(/.*\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(([, name]) => name),
  );
  expect(packages).toContain('hyparquet-writer');
  expect(
    [...packages].filter((name) => /^@aws-sdk\/(?:client-(?!lambda)|lib-)|xray|powertools\/tracer/.test(name)),
  ).toEqual([]);
});

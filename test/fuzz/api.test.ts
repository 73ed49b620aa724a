import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alignColumns } from '../../scripts/lib/align-columns.ts';
import { ensureVirtualEnvironment } from '../cloud/support/python.ts';
import { runScript } from '../support/run-script.ts';
import { serveScript } from '../support/serve-script.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SUPPORT = fileURLToPath(new URL('support/', import.meta.url));
const isShort = process.env['CI'] === 'true';
/** Of each operation and phase. */
const EXAMPLES = isShort ? 20 : 300;
const SEED = Number(process.env['ALIKE_FUZZ_SEED'] ?? (isShort ? 1 : Date.now() % 1e9));
const FEWEST_CALLS = isShort ? 300 : 3_000;

/** The part of Schemathesis's report that is looked at. */
interface Report {
  operations: { total: number; tested: number };
  test_cases: { generated: number; with_failures: number; errored: number };
  failures: { title: string; count: number; operations: string[] }[];
  valid_rates: Record<string, Record<string, { accepted: number; unreachable: number; rejected: number }>>;
}

/** Of the first products of the sample shop, every fifth of which is sold out. */
const FEED_ROWS = Array.from({ length: 20 }, (_, i) =>
  [`A${i + 1}`, `Shirt ${i}`, `${10 + i}.50`, `Brand ${i % 3}`, i % 5 === 0 ? 'out of stock' : 'in stock'].join(),
);

let folder: string;
let python: string;
let server: Awaited<ReturnType<typeof serveScript>>;

beforeAll(async () => {
  python = await ensureVirtualEnvironment(join(ROOT, '.venv-fuzz'), join(SUPPORT, 'requirements.txt'));
  folder = await mkdtemp(join(tmpdir(), 'alike-fuzz-api-'));
  const data = join(folder, 'sample.csv');
  const workspace = join(folder, 'shop');
  const feed = join(folder, 'feed.csv');
  await writeFile(feed, `id,title,price,brand,availability\n${FEED_ROWS.join('\n')}\n`);
  for (const [script, ...args] of [
    ['sample.ts', '--out', data, '--sessions', '400', '--products', '40'],
    ['train.ts', '--data', data, '--format', 'eshop', '--preset', 'layer', '--workspace', workspace],
    ['catalogue.ts', feed, '--workspace', workspace],
  ]) {
    const { exitCode, stderr } = await runScript(script, ...args);
    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
  }
  server = await serveScript(workspace);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('an independent tool finds every answer to be as the API describes itself', async () => {
  const reportFile = join(folder, 'report.json');
  const { stdout } = await run(
    join(python, '../schemathesis'),
    [
      ...['--config-file', join(SUPPORT, 'schemathesis.toml'), '--no-color'],
      ...['run', `${server.url}/v1/openapi.json`, '--checks', 'all', '--continue-on-failure', '--no-shrink'],
      ...['--max-examples', String(EXAMPLES), '--seed', String(SEED)],
      ...['--report', 'json', '--report-json-path', reportFile],
    ],
    { cwd: folder, maxBuffer: 2 ** 26 },
  ).catch((failed: { stdout: string }) => failed);
  const {
    operations,
    test_cases: calls,
    failures,
    valid_rates: rates,
  }: Report = JSON.parse(
    await readFile(reportFile, 'utf8').catch(() => {
      throw new Error(`Schemathesis wrote no report:\n${stdout}`);
    }),
  );

  const sum = (operation: string, kind: 'accepted' | 'unreachable' | 'rejected') =>
    Object.values(rates[operation]).reduce((all, phase) => all + phase[kind], 0);
  const rows = Object.keys(rates)
    .sort()
    .map((name) => [
      name,
      ...(['accepted', 'unreachable', 'rejected'] as const).map((kind) => String(sum(name, kind))),
    ]);
  const header = ['valid requests of', 'accepted', '404', 'refused'];
  console.log(
    `${alignColumns([header, ...rows], [1, 2, 3]).join('\n')}\n` +
      `Seed ${SEED}: ${calls.generated} calls of ${operations.tested} operations, ${calls.with_failures} failures`,
  );
  if (failures.length > 0) console.log(stdout);
  expect(failures).toEqual([]);
  expect(calls.errored).toBe(0);
  expect(operations.tested).toBe(operations.total);
  expect(calls.generated).toBeGreaterThanOrEqual(FEWEST_CALLS);
});

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScript } from '../support/run-script.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a port that is taken is named before anything is trained', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const workspace = join(folder, 'new');
  const { exitCode, stdout, stderr } = await runScript('start.ts', '--workspace', workspace, '--port', String(port));
  taken.close();
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `error: Port ${port} is in use: stop what listens there, or pass --port with another one; 0 picks a free one.\n`,
  );
  expect(existsSync(workspace)).toBe(false);
}, 30_000);

test('a workspace that cannot be written is named before anything is trained', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const { exitCode, stderr } = await runScript('start.ts', '--workspace', join(file, 'below'), '--port', '0');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: Cannot write to the workspace .*file\/below: ENOTDIR/);
}, 30_000);

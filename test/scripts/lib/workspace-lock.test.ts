import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withWorkspaceLock } from '../../../scripts/lib/workspace-lock.ts';

let workspace: string;
let told: string;
const screen = { write: (text: string) => (told += text) };
const lock = () => join(workspace, 'training.lock');
const holder = (pid: number, host = hostname()) => JSON.stringify({ pid, host, since: '2026-11-23T10:00:00.000Z' });
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'workspace-lock-'));
  told = '';
});
afterEach(() => rm(workspace, { recursive: true }));

it('two trainings of one workspace come one after the other, and the second says that it waits', async () => {
  const order: string[] = [];
  const train = (name: string) =>
    withWorkspaceLock(workspace, screen, async () => {
      order.push(`${name} begins`);
      await sleep(300);
      order.push(`${name} ends`);
    });
  const first = train('first');
  await sleep(50);
  await Promise.all([first, train('second')]);
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(told).toMatch(/^Process \d+ trains in this workspace since .*: waiting until it ends\. .*training\.lock/);
  expect(existsSync(lock())).toBe(false);
});

it('a training that fails frees the workspace', async () => {
  await expect(withWorkspaceLock(workspace, screen, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withWorkspaceLock(workspace, screen, async () => 'next')).toBe('next');
  expect(told).toBe('');
});

it('the lock of a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock(), holder(pid));
  const seen = await withWorkspaceLock(workspace, screen, () => readFile(lock(), 'utf8'));
  expect(JSON.parse(seen)).toMatchObject({ pid: process.pid, host: hostname() });
  expect(told).toBe('');
});

it('a lock that was cut off is taken over', async () => {
  await writeFile(lock(), '{"pid": ');
  expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
});

it('a training on another machine, of which nobody knows whether it lives, is told and not waited for', async () => {
  await writeFile(lock(), holder(1, 'another-machine'));
  expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
  expect(told).toContain('on another-machine trains in this workspace since 2026-11-23T10:00:00.000Z, or died there');
  expect(await readFile(lock(), 'utf8')).toBe(holder(1, 'another-machine'));
});

it('waits for a process that lives, until that dies', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  await writeFile(lock(), holder(other.pid!));
  const trained = withWorkspaceLock(workspace, screen, async () => other.signalCode);
  await sleep(200);
  other.kill('SIGKILL');
  expect(await trained).toBe('SIGKILL');
});

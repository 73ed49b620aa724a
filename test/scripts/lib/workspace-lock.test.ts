import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withWorkspaceLock } from '../../../scripts/lib/workspace-lock.ts';

const MODULE = join(import.meta.dirname, '../../../scripts/lib/workspace-lock.ts');

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
  const firstBegins = Promise.withResolvers<void>();
  const secondWaits = Promise.withResolvers<void>();
  const train = (name: string, until?: Promise<void>) => async () => {
    order.push(`${name} begins`);
    firstBegins.resolve();
    await until;
    order.push(`${name} ends`);
  };
  const first = withWorkspaceLock(workspace, screen, train('first', secondWaits.promise));
  await firstBegins.promise;
  const telling = {
    write(text: string) {
      told += text;
      secondWaits.resolve();
    },
  };
  await Promise.all([first, withWorkspaceLock(workspace, telling, train('second'))]);
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(told).toMatch(
    /^Process \d+ has been training in this workspace since .*: waiting until it ends\. .*training\.lock/,
  );
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

it('of several processes that find the lock of one that is gone, one alone takes it over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  // A single place would show the fault by luck alone.
  const places = Array.from({ length: 12 }, (_, i) => join(workspace, String(i)));
  for (const place of places) {
    await mkdir(place);
    await writeFile(join(place, 'training.lock'), holder(pid));
  }
  // Each place at the same moment in all of them.
  const code = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    const { withWorkspaceLock } = await import(${JSON.stringify(MODULE)});
    console.log('ready');
    const startMs = Number(await new Promise((resolve) => process.stdin.once('data', resolve)));
    await Promise.all(${JSON.stringify(places)}.map(async (place, i) => {
      await sleep(startMs + i * 50 - Date.now());
      await withWorkspaceLock(place, { write() {} }, async () => {
        appendFileSync(place + '/log', 'begins ');
        await sleep(50);
        appendFileSync(place + '/log', 'ends ');
      });
    }));
    process.exit();`;
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
  const startMs = Date.now() + 100;
  for (const { stdin } of processes) stdin.write(String(startMs));
  expect(await Promise.all(processes.map((child) => once(child, 'exit')))).toEqual(Array(4).fill([0, null]));
  const logs = places.map((place) => readFile(join(place, 'log'), 'utf8'));
  expect(await Promise.all(logs)).toEqual(Array(12).fill('begins ends '.repeat(4)));
}, 60_000);

it.each([
  ['this release', { id: 'of-the-container-before' }],
  ['the release before', {}],
])('the lock that %s left in a container that died and started again is taken over', async (_, id) => {
  await writeFile(lock(), JSON.stringify({ ...JSON.parse(holder(process.pid)), ...id }));
  expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
  expect(told).toBe('');
});

it('leaves the lock of another alone, which came in after somebody had deleted its own', async () => {
  await withWorkspaceLock(workspace, screen, async () => {
    await rm(lock());
    await writeFile(lock(), holder(1));
  });
  expect(await readFile(lock(), 'utf8')).toBe(holder(1));
});

it('leaves nothing behind', async () => {
  await withWorkspaceLock(workspace, screen, async () => {});
  expect(await readdir(workspace)).toEqual([]);
});

it('a lock that was cut off is taken over', async () => {
  await writeFile(lock(), '{"pid": ');
  expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
});

it('a training on another machine, of which nobody knows whether it lives, is told and not waited for', async () => {
  await writeFile(lock(), holder(1, 'another-machine'));
  expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
  expect(told).toContain(
    'on another-machine has been training in this workspace since 2026-11-23T10:00:00.000Z, or died there',
  );
  expect(await readFile(lock(), 'utf8')).toBe(holder(1, 'another-machine'));
});

it('waits for a process that lives, until that dies', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  await writeFile(lock(), holder(other.pid!));
  const waits = Promise.withResolvers<void>();
  const trained = withWorkspaceLock(workspace, { write: () => waits.resolve() }, async () => other.signalCode);
  await waits.promise;
  other.kill('SIGKILL');
  expect(await trained).toBe('SIGKILL');
});

it.each(['', '{', 'null', '5', '{}', '{"pid":"1"}'])(
  "a lock that says %j is nobody's and is taken over",
  async (text) => {
    await writeFile(lock(), text);
    expect(await withWorkspaceLock(workspace, screen, async () => 'trained')).toBe('trained');
    expect(told).toBe('');
  },
);

it('a lock that cannot be read is named, and nothing is trained', async () => {
  await mkdir(lock());
  await expect(withWorkspaceLock(workspace, screen, async () => 'trained')).rejects.toThrow(
    `Cannot read the lock of the workspace, ${lock()}: EISDIR`,
  );
});

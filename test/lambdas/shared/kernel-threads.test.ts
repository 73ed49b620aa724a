import { spawnSync } from 'node:child_process';
import asc from 'assemblyscript/asc';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startAllAside, startKernelAside, startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';

/** Each thread adds its own number to the first word of the memory, or fails, or waits for that word without an end. */
const SOURCE = `
  export let own: u32 = 0;
  export function add(factor: u32): void { atomic.add<u32>(0, own * factor); }
  export function failUnless(number: u32): void { if (own !== number) unreachable(); }
  export function spin(): void { while (atomic.load<u32>(0) === 0) {} }
`;
let bytes: Uint8Array;
beforeAll(async () => {
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '1'];
  const { stderr } = await asc.main(
    ['kernel.ts', '--outFile', 'kernel.wasm', '--enable', 'threads', '--runtime', 'stub', ...memory],
    {
      readFile: (name) => (name === 'kernel.ts' ? SOURCE : null),
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  expect(stderr.toString()).toBe('');
});

async function startOn(...numbers: number[]) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(bytes);
  const threads = await startKernelThreads({ module, memory, globals: numbers.map((own) => ({ own })) });
  return { threads, sum: new Uint32Array(memory.buffer, 0, 1) };
}

describe.each([
  ['one thread', [4]],
  ['three threads', [1, 2, 4]],
])('%s', (_, numbers) => {
  const total = numbers.reduce((sum, number) => sum + number);

  test('a call runs on every thread, with its own globals, and ends when all are done', async () => {
    const { threads, sum } = await startOn(...numbers);

    await threads.call('add', 1);
    expect(sum[0]).toBe(total);
    await threads.call('add', 10);
    expect(sum[0]).toBe(11 * total);

    await threads.close();
  });

  test('a job after another has its own memory and globals', async () => {
    const first = await startOn(...numbers);
    await first.threads.call('add', 1);
    await first.threads.close();

    const second = await startOn(...numbers.map((number) => 100 * number));
    await second.threads.call('add', 1);
    await second.threads.close();

    expect([first.sum[0], second.sum[0]]).toEqual([total, 100 * total]);
  });
});

test('a worker that hears of a call late, after it has done it, does not do it again', async () => {
  const notify = Atomics.notify;
  const elsewhere = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // As when the calling thread loses its core here: the workers find the call by themselves, and then wait for the next.
  const late = vi.spyOn(Atomics, 'notify').mockImplementation((...args: Parameters<typeof notify>) => {
    Atomics.wait(elsewhere, 0, 0, 300);
    return notify(...args);
  });
  const { threads, sum } = await startOn(1, 2, 4);
  try {
    await threads.call('add', 1);
  } finally {
    late.mockRestore();
  }
  await threads.call('add', 10);
  expect(sum[0]).toBe(77);
  await threads.close();
});

test('jobs side by side do not share a worker', async () => {
  const jobs = await Promise.all([startOn(1, 2), startOn(10, 20), startOn(100, 200)]);

  await Promise.all(jobs.map(({ threads }) => threads.call('add', 1)));

  expect(jobs.map(({ sum }) => sum[0])).toEqual([3, 30, 300]);
  await Promise.all(jobs.map(({ threads }) => threads.close()));
});

test.each([
  ['the calling thread', 2],
  ['a worker', 1],
])('a failure in %s fails the call, and the next job is none the worse for it', async (_, spared) => {
  const { threads } = await startOn(1, 2);
  await expect(threads.call('failUnless', spared)).rejects.toThrow('unreachable');
  await threads.close();

  const next = await startOn(1, 2);
  await next.threads.call('add', 1);
  await next.threads.close();

  expect(next.sum[0]).toBe(3);
});

test('a process ends although workers wait for their next job', () => {
  const script = `
    import { startAllAside, startKernelAside, startKernelThreads } from './lambdas/shared/kernel-threads.ts';
    const module = new WebAssembly.Module(Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64'));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const threads = await startKernelThreads({ module, memory, globals: [{ own: 1 }, { own: 2 }] });
    await threads.call('add', 1);
    await threads.close();
    console.log(new Uint32Array(memory.buffer)[0]);
  `;

  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 30_000,
  });

  expect({ stdout, stderr, status }).toEqual({ stdout: '3\n', stderr: '', status: 0 });
});

test('a job aside leaves the calling thread free until it is done, and fails as any other does', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(bytes);
  const threads = await startKernelAside({ module, memory, globals: [{ own: 4 }] });
  const sum = new Uint32Array(memory.buffer, 0, 1);
  await threads.call('add', 1);
  await threads.call('add', 10);
  expect(sum[0]).toBe(44);
  await expect(threads.call('failUnless', 5)).rejects.toThrow(/unreachable/);
  await threads.close();
});

test('a call that is under way when its threads are closed fails, and its worker is not kept for the next job', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(bytes);
  const job = { module, memory, globals: [{ own: 4 }] };
  const threads = await startAllAside(job);
  const failed = expect(threads.call('spin')).rejects.toThrow('closed during a call');
  await threads.close();
  await failed;

  const next = await startAllAside(job);
  await next.call('add', 1);
  expect(new Uint32Array(memory.buffer)[0]).toBe(4);
  await next.close();
});

test('closing twice is closing once', async () => {
  const first = await startOn(1, 2);
  await first.threads.close();
  await first.threads.close();
  const jobs = await Promise.all([startOn(10, 20), startOn(100, 200)]);
  await Promise.all(jobs.map(({ threads }) => threads.call('add', 1)));
  expect(jobs.map(({ sum }) => sum[0])).toEqual([30, 300]);
  await Promise.all(jobs.map(({ threads }) => threads.close()));
});

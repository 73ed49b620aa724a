import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { copyInto, float32 } from '../../../engine/numeric/array-space.ts';
import { reserveIn } from '../../../engine/numeric/kernel-memory.ts';
import { inKernelSpace, KERNEL_SPACE, memoryOf } from '../../../engine/numeric/kernel-space.ts';

test('an array has its own length, and zeros behind it that no kernel takes', () => {
  const numbers = copyInto(KERNEL_SPACE, Float32Array.of(1, 2, 3));
  expect([...numbers]).toEqual([1, 2, 3]);
  expect(numbers.buffer.byteLength - numbers.byteLength).toBeGreaterThanOrEqual(65_536);
  const memory = memoryOf(numbers)!;
  const first = reserveIn(memory, 10, 'a test');
  const second = reserveIn(memory, 100_000, 'a test');
  expect(first).toBe(numbers.buffer.byteLength);
  expect(second).toBe(first + 65_536);
  expect(memory.buffer.byteLength).toBe(second + 2 * 65_536);
  new Uint8Array(memory.buffer, first, 10).fill(9);
  expect(new Uint8Array(numbers.buffer, numbers.byteLength).every((byte) => byte === 0)).toBe(true);
});

test('an array of another space has no memory', () => {
  expect(memoryOf(new Float32Array(3))).toBeUndefined();
});

test('an array is read where it lies, and one of another space in a copy, the same for all who ask', () => {
  const numbers = copyInto(KERNEL_SPACE, Uint32Array.of(1, 2, 3));
  expect(inKernelSpace(numbers)).toEqual({ memory: memoryOf(numbers), pointer: 0 });
  const elsewhere = Uint32Array.of(4, 5);
  const { memory, pointer } = inKernelSpace(elsewhere);
  expect([...new Uint32Array(memory.buffer, pointer, 2)]).toEqual([4, 5]);
  expect(inKernelSpace(elsewhere).memory).toBe(memory);
  // Neither has so much behind it.
  const room = 1_000_000;
  for (const array of [numbers, elsewhere]) {
    expect(inKernelSpace(array, room).memory.buffer.byteLength).toBeGreaterThanOrEqual(array.byteLength + room);
  }
});

test('another thread that gets the memory sees the array', async () => {
  const numbers = float32(KERNEL_SPACE, 2);
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     new Float32Array(workerData.buffer)[1] = 5;
     parentPort.postMessage('done');`,
    { eval: true, workerData: memoryOf(numbers) },
  );
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  expect([...numbers]).toEqual([0, 5]);
});

test('says what to do about an array that no kernel could reach', () => {
  expect(() => KERNEL_SPACE(2 ** 31 + 1)).toThrow('lower vector_size, or raise min_count');
});

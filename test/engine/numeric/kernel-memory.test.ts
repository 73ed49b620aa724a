import { expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { KernelLayout } from '../../../engine/numeric/kernel-memory.ts';

test('arrays do not overlap, start at a pair of cache lines, and leave address 0 alone', () => {
  const layout = new KernelLayout();
  const sizes = [1, 64, 65, 0, 4];
  const pointers = sizes.map((bytes) => layout.reserve(bytes));

  pointers.forEach((pointer, i) => {
    expect(pointer % 128).toBe(0);
    expect(pointer).toBeGreaterThanOrEqual(i === 0 ? 64 : pointers[i - 1] + sizes[i - 1]);
  });
  expect(layout.allocate('a test').buffer.byteLength).toBeGreaterThanOrEqual(pointers[4] + 4);
});

test('more than 4 GiB is refused with the fix', () => {
  const layout = new KernelLayout();
  layout.reserve(5 * 2 ** 30);

  expect(() => layout.allocate('Word2Vec of 9 products in 3 dimensions')).toThrow(ConfigurationError);
  expect(() => layout.allocate('Word2Vec of 9 products in 3 dimensions')).toThrow(
    'Word2Vec of 9 products in 3 dimensions needs 5.0 GiB of memory, 4 GiB is the most: lower vector_size',
  );
});

test('all arrays may lie in a memory that is there already, behind what it holds', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
  const layout = new KernelLayout();
  const offsets = { first: layout.reserve(100), second: layout.reserve(65_536) };
  const { pointers } = layout.placeIn(memory, offsets, 'a test');
  expect(pointers).toEqual({ first: 65_536 + offsets.first, second: 65_536 + offsets.second });
  expect(memory.buffer.byteLength).toBe(3 * 65_536);
  expect(() => layout.placeIn(memory, offsets, 'Session-kNN')).toThrow(
    'Session-kNN needs 0.1 MiB more of a memory that all threads share, which has 0.0 GiB already and cannot grow so far: start fewer threads (--workers).',
  );
});

test('without a memory the arrays get one of their own', () => {
  const layout = new KernelLayout();
  const offsets = { only: layout.reserve(8) };
  const { memory, pointers } = layout.placeIn(undefined, offsets, 'a test');
  expect(pointers).toEqual(offsets);
  expect(memory.buffer.byteLength).toBe(65_536);
});

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

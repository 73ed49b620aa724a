import { expect, test } from 'vitest';
import { randomId } from '../../../lambdas/shared/random-id.ts';

test('no two of thousands of ids are the same, and each has 16 characters of base64url', () => {
  const ids = Array.from({ length: 5_000 }, randomId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[\w-]{16}$/.test(id))).toBe(true);
});

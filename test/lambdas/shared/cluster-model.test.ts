import { expect, test } from 'vitest';
import { decodeClusterAssignments, encodeClusterAssignments } from '../../../lambdas/shared/cluster-model.ts';
import { ArtifactError } from '../../../lambdas/shared/errors.ts';

test('the clusters of the products are the same after writing and reading', () => {
  expect(decodeClusterAssignments(encodeClusterAssignments(Uint32Array.of(2, 0, 499)))).toEqual(
    Uint32Array.of(2, 0, 499),
  );
});

test('a torn file is refused', () => {
  expect(() => decodeClusterAssignments(encodeClusterAssignments(Uint32Array.of(2, 0)).subarray(0, 40))).toThrow(
    ArtifactError,
  );
});

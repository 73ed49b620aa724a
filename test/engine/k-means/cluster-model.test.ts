import { expect, test } from 'vitest';
import { ArtifactError } from '../../../engine/errors.ts';
import { decodeClusterAssignments, encodeClusterAssignments } from '../../../engine/k-means/cluster-model.ts';

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

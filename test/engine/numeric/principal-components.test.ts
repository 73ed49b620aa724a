import { expect, test } from 'vitest';
import { projectOnPrincipalComponents } from '../../../engine/numeric/principal-components.ts';
import { REFERENCE_VECTORS, vectorsOf } from '../k-means/example-vectors.ts';

test('finds the axes of a cross', () => {
  const { coordinates, explainedVariance } = projectOnPrincipalComponents(
    vectorsOf([
      [1, 12],
      [1, 8],
      [2, 10],
      [0, 10],
    ]),
  );

  // Variances 2 along y and 0.5 along x.
  expect(explainedVariance[0]).toBeCloseTo(0.8, 12);
  expect(explainedVariance[1]).toBeCloseTo(0.2, 12);
  [2, 0, -2, 0, 0, 1, 0, -1].forEach((expected, i) => {
    expect(coordinates[i]).toBeCloseTo(expected, 12);
  });
});

test('gives what scikit-learn gives, signs included', () => {
  const { coordinates, explainedVariance } = projectOnPrincipalComponents(REFERENCE_VECTORS);

  // p = PCA(2).fit(x); p.explained_variance_ratio_, p.transform(x)[:3]
  expect(explainedVariance[0]).toBeCloseTo(0.2850957552096691, 10);
  expect(explainedVariance[1]).toBeCloseTo(0.2667588611477842, 10);
  [
    0.06450775124648644, -0.6180147633644264, -0.43056085648141285, 0.018565139884086312, -0.48893992866001074,
    0.2981357544372361,
  ].forEach((expected, i) => {
    expect(coordinates[i]).toBeCloseTo(expected, 9);
  });
});

test('one dimension, and vectors that are all equal, leave the rest at 0', () => {
  const line = projectOnPrincipalComponents(vectorsOf([[1], [3]]));
  expect(Array.from(line.coordinates)).toEqual([-1, 0, 1, 0]);
  expect(line.explainedVariance).toEqual([1, 0]);

  const point = projectOnPrincipalComponents(
    vectorsOf([
      [1, 2, 3],
      [1, 2, 3],
    ]),
  );
  expect(Array.from(point.coordinates)).toEqual([0, 0, 0, 0]);
  expect(point.explainedVariance).toEqual([0, 0]);
});

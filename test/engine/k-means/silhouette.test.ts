import { expect, test } from 'vitest';
import { type Silhouettes, silhouettesOf } from '../../../engine/k-means/silhouette.ts';
import { REFERENCE_VECTORS, vectorsOf } from './example-vectors.ts';

const silhouette = (vectors: Parameters<typeof silhouettesOf>[0], ...clusters: Parameters<Silhouettes>) =>
  silhouettesOf(vectors)(...clusters);

test('gives what is worked out by hand', () => {
  // On a line, {0, 1} and {4, 6}. a: 1, 1, 2, 2; b: 5, 4, 3.5, 5.5; (b − a) / b each.
  const vectors = vectorsOf([[0], [1], [4], [6]]);

  expect(silhouette(vectors, Uint32Array.of(0, 0, 1, 1), 2)).toBeCloseTo((4 / 5 + 3 / 4 + 3 / 7 + 7 / 11) / 4, 12);
});

test('gives what scikit-learn gives', () => {
  // silhouette_score(x, np.arange(60) % 4)
  const clusterOf = Uint32Array.from({ length: 60 }, (_, i) => i % 4);

  expect(silhouette(REFERENCE_VECTORS, clusterOf, 4)).toBeCloseTo(-0.05944907149157866, 12);
});

test('a vector alone in its cluster counts as 0', () => {
  // {0, 2} and {6}. a: 2, 2; b: 6, 4.
  const vectors = vectorsOf([[0], [2], [6]]);

  expect(silhouette(vectors, Uint32Array.of(0, 0, 1), 2)).toBeCloseTo((4 / 6 + 2 / 4 + 0) / 3, 12);
});

test('is not defined for one cluster, also when there are others without vectors', () => {
  const vectors = vectorsOf([[0], [2]]);

  expect(silhouette(vectors, Uint32Array.of(0, 0), 1)).toBeNull();
  expect(silhouette(vectors, Uint32Array.of(1, 1), 3)).toBeNull();
});

test('copies of one vector in two clusters count as 0', () => {
  const vectors = vectorsOf([[5], [5], [5], [5]]);

  expect(silhouette(vectors, Uint32Array.of(0, 0, 1, 1), 2)).toBe(0);
});

test('of several clusterings of the same vectors each has its own', () => {
  const vectors = vectorsOf([[0], [1], [4], [6]]);
  const silhouettes = silhouettesOf(vectors);
  for (const clusterOf of [Uint32Array.of(0, 0, 1, 1), Uint32Array.of(0, 1, 1, 2), Uint32Array.of(0, 0, 1, 1)]) {
    expect(silhouettes(clusterOf, 3)).toBe(silhouettesOf(vectors)(clusterOf, 3));
  }
});

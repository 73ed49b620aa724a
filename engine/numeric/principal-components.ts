import { EVD, Matrix } from 'ml-matrix';
import type { Vectors } from './vectors.ts';

export interface Projection {
  /** (count, 2), row-major: the centred vectors on the first two principal components. */
  coordinates: Float64Array;
  /** Share of the whole variance along each, 0…1; 0 when all vectors are equal. */
  explainedVariance: [number, number];
}

/**
 * Principal component analysis by the eigenvectors of the covariance matrix. A component's sign is arbitrary; as in
 * scikit-learn, its loading of largest size is made positive, so that the same vectors always give the same picture.
 */
export function projectOnPrincipalComponents(vectors: Vectors): Projection {
  const { count, dimensions, values } = vectors;
  const mean = meanOf(vectors);
  const { realEigenvalues, eigenvectorMatrix } = new EVD(covarianceOf(vectors, mean), { assumeSymmetric: true });
  // Ascending eigenvalues; rounding can make one of 0 slightly negative.
  const variances = realEigenvalues.map((value) => Math.max(value, 0));
  const wholeVariance = variances.reduce((a, b) => a + b);

  const coordinates = new Float64Array(count * 2);
  const explainedVariance: [number, number] = [0, 0];
  for (let component = 0; component < Math.min(2, dimensions); component++) {
    const column = dimensions - 1 - component;
    const loadings = withPositivePeak(eigenvectorMatrix.getColumn(column));
    for (let i = 0; i < count; i++) {
      let projected = 0;
      for (let d = 0; d < dimensions; d++) projected += (values[i * dimensions + d] - mean[d]) * loadings[d];
      coordinates[i * 2 + component] = projected;
    }
    if (wholeVariance > 0) explainedVariance[component] = variances[column] / wholeVariance;
  }
  return { coordinates, explainedVariance };
}

function meanOf({ count, dimensions, values }: Vectors): Float64Array {
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dimensions; d++) mean[d] += values[i * dimensions + d] / count;
  }
  return mean;
}

/** (dimensions, dimensions) */
function covarianceOf({ count, dimensions, values }: Vectors, mean: Float64Array): Matrix {
  const sums = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dimensions; d++) centred[d] = values[i * dimensions + d] - mean[d];
    for (let a = 0; a < dimensions; a++) {
      for (let b = 0; b <= a; b++) sums[a * dimensions + b] += centred[a] * centred[b];
    }
  }
  const covariance = new Matrix(dimensions, dimensions);
  for (let a = 0; a < dimensions; a++) {
    for (let b = 0; b <= a; b++) {
      covariance.set(a, b, sums[a * dimensions + b] / count);
      covariance.set(b, a, sums[a * dimensions + b] / count);
    }
  }
  return covariance;
}

function withPositivePeak(loadings: number[]): number[] {
  const peak = loadings.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return peak < 0 ? loadings.map((loading) => -loading) : loadings;
}

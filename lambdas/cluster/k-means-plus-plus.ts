import type { Random } from '../shared/random.ts';
import type { Vectors } from './vectors.ts';

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding"): each next start is
 * drawn with probability proportional to its squared distance from the starts so far; of 2 + ⌊ln k⌋ draws the one that
 * lowers the sum of these distances most is kept, as in the authors' own code and in scikit-learn.
 *
 * @returns the rows of at most `k` pairwise different vectors; fewer when there are no more.
 */
export function kMeansPlusPlus(vectors: Vectors, k: number, random: Random): number[] {
  const { count } = vectors;
  const trials = 2 + Math.floor(Math.log(k));
  const starts = [Math.floor(random() * count)];
  // Squared distance of each row to the nearest start.
  let nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let candidate = new Float64Array(count);
  let best = new Float64Array(count);
  let potential = distancesWith(vectors, starts[0], nearest, nearest);

  while (starts.length < k && potential > 0) {
    let bestRow = -1;
    let bestPotential = Number.POSITIVE_INFINITY;
    for (let trial = 0; trial < trials; trial++) {
      const row = draw(nearest, potential * random());
      const newPotential = distancesWith(vectors, row, nearest, candidate);
      if (newPotential < bestPotential) {
        bestRow = row;
        bestPotential = newPotential;
        [best, candidate] = [candidate, best];
      }
    }
    starts.push(bestRow);
    potential = bestPotential;
    [nearest, best] = [best, nearest];
  }
  return starts;
}

/** Writes to `target` each row's squared distance to the nearest start once `row` is one; returns the sum of them. */
function distancesWith(vectors: Vectors, row: number, nearest: Float64Array, target: Float64Array): number {
  const { count, dimensions, values } = vectors;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let distance = 0;
    for (let d = 0; d < dimensions; d++) distance += (values[i * dimensions + d] - values[row * dimensions + d]) ** 2;
    target[i] = Math.min(nearest[i], distance);
    sum += target[i];
  }
  return sum;
}

/** The row at which the running sum of the weights passes `threshold`; never one of weight 0. */
function draw(weights: Float64Array, threshold: number): number {
  let sum = 0;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    sum += weights[i];
    if (sum > threshold) return i;
  }
  // Rounding may leave the threshold at the whole sum.
  return last;
}

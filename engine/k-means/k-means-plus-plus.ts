import type { Random } from '../numeric/random.ts';
import type { Vectors } from '../numeric/vectors.ts';

/** (count) squared distances of the vectors. */
export type SquaredDistances = Float64Array | Float32Array;

/** The vectors that k-means++ chooses from. */
export interface Candidates<T extends SquaredDistances> {
  count: number;
  allocate(): T;
  /** Writes to `target` the lesser of `nearest` and the squared distance to vector `row`; 0 for equal vectors. */
  distancesWith(row: number, nearest: T, target: T): void;
}

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding"): each next start is
 * drawn with probability proportional to its squared distance from the starts so far; of 2 + ⌊ln k⌋ draws the one that
 * lowers the sum of these distances most is kept, as in the authors' own code and in scikit-learn.
 *
 * @returns the rows of at most `k` pairwise different vectors; fewer when there are no more.
 */
export function kMeansPlusPlus<T extends SquaredDistances>(
  { count, allocate, distancesWith }: Candidates<T>,
  k: number,
  random: Random,
): number[] {
  const trials = 2 + Math.floor(Math.log(k));
  let nearest = allocate();
  let candidate = allocate();
  let best = allocate();
  const starts = [Math.floor(random() * count)];
  nearest.fill(Number.POSITIVE_INFINITY);
  distancesWith(starts[0], nearest, nearest);
  let potential = sumOf(nearest);

  while (starts.length < k && potential > 0) {
    let bestRow = -1;
    let bestPotential = Number.POSITIVE_INFINITY;
    for (let trial = 0; trial < trials; trial++) {
      const row = draw(nearest, potential * random());
      distancesWith(row, nearest, candidate);
      const newPotential = sumOf(candidate);
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

export function candidatesAmong({ count, dimensions, values }: Vectors): Candidates<Float64Array> {
  return {
    count,
    allocate: () => new Float64Array(count),
    distancesWith(row, nearest, target) {
      for (let i = 0; i < count; i++) {
        let squared = 0;
        for (let d = 0; d < dimensions; d++)
          squared += (values[i * dimensions + d] - values[row * dimensions + d]) ** 2;
        target[i] = Math.min(nearest[i], squared);
      }
    },
  };
}

function sumOf(distances: SquaredDistances): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) sum += distances[i];
  return sum;
}

/** The row at which the running sum of the weights passes `threshold`; never one of weight 0. */
function draw(weights: SquaredDistances, threshold: number): number {
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

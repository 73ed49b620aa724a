import { instantiate, type StartThreads } from '../numeric/kernel.ts';
import type { Random } from '../numeric/random.ts';
import type { Vectors } from '../numeric/vectors.ts';
import type { Assignment } from './assignment.ts';
import { orderByNearness } from './centroid-order.ts';
import { CentroidSlots } from './centroid-slots.ts';
import type { KMeansEngine } from './k-means-engine.ts';
import { GROUP_SIZE, type KMeansMemory, layOutKMeans } from './k-means-memory.ts';
import { kMeansPlusPlus } from './k-means-plus-plus.ts';
import { sampleRows } from './sample-rows.ts';

/**
 * k-means++ chooses from this many vectors a cluster. Over eight seeds of two catalogues of 20,000 × 32 in 100 clusters,
 * the mean inertia after convergence was within 0.3 % of that from all vectors with 4, 8, 16 and 32 alike.
 */
const SAMPLED_PER_CLUSTER = 8;

/** K-Means in WebAssembly SIMD, for large catalogues. The memory is laid out for up to `k` clusters. */
export async function simdEngine(
  vectors: Vectors,
  { k, workers }: { k: number; workers: number },
  startThreads: StartThreads,
): Promise<KMeansEngine> {
  const memory = layOutKMeans(vectors, Math.min(k, vectors.count), workers);
  const threads = await startThreads(memory.job);
  return {
    chooseStarts: (count, random) => chooseStarts(memory, count, random),

    async iterate(start, { max_iter, tol }, onIteration) {
      const order = orderByNearness(start, GROUP_SIZE);
      const slots = new CentroidSlots(
        memory,
        order.map((cluster) => start[cluster]),
      );
      const assign = () => {
        memory.nextBlock[0] = 0;
        return threads.call('assign');
      };
      await assign();
      let iterations = 0;
      let converged = false;
      while (!converged && iterations < max_iter) {
        converged = slots.moveToMeans() <= tol;
        await assign();
        onIteration(++iterations);
      }
      const centroids = new Array<number[]>(start.length);
      slots.centroids().forEach((centroid, slot) => {
        centroids[order[slot]] = centroid;
      });
      return { centroids, assignment: exactAssignment(vectors, memory, centroids, order), iterations, converged };
    },

    close: () => threads.close(),
  };
}

function chooseStarts(memory: KMeansMemory, k: number, random: Random): number[] {
  const { job, vectorCount } = memory;
  const { distancesWith } = instantiate(job.module, job.memory, job.globals[0]) as Record<string, Kernel>;
  const chooseAmong = (rows: Uint32Array) => {
    memory.sampledRows.set(rows);
    const free = memory.sampleDistances.map((distances) => distances.subarray(0, rows.length));
    const candidates = {
      count: rows.length,
      allocate: () => free.pop()!,
      distancesWith: (candidate: number, nearest: Float32Array, target: Float32Array) =>
        distancesWith(
          rows[candidate],
          memory.sampledRows.byteOffset,
          rows.length,
          nearest.byteOffset,
          target.byteOffset,
        ),
    };
    return kMeansPlusPlus(candidates, k, random).map((candidate) => rows[candidate]);
  };
  const sample = sampleRows(vectorCount, k * SAMPLED_PER_CLUSTER, random);
  const starts = chooseAmong(sample);
  // The sample may hold fewer different vectors than the whole.
  if (starts.length === k || sample.length === vectorCount) return starts;
  return chooseAmong(sampleRows(vectorCount, vectorCount, random));
}
type Kernel = (...args: number[]) => void;

/** What rounding may have done to a float32 distance, or to a bound in many iterations. */
const ROUNDING = 1e-5;

/** The kernel's assignment in float64. Where its bounds leave room for doubt, every centroid is compared again. */
function exactAssignment(
  { count, dimensions, values }: Vectors,
  { clusterOf: slotOf, bounds, boundLength }: KMeansMemory,
  centroids: readonly (readonly number[])[],
  order: readonly number[],
): Assignment {
  const clusterOf = new Uint32Array(count);
  const sizes = new Uint32Array(centroids.length);
  const distances = new Float64Array(count);
  let inertia = 0;
  const flat = Float64Array.from(centroids.flat());
  const squaredDistance = (row: number, cluster: number) => {
    let squared = 0;
    let at = cluster * dimensions;
    for (let d = row * dimensions; d < (row + 1) * dimensions; d++) {
      const difference = values[d] - flat[at++];
      squared += difference * difference;
    }
    return squared;
  };
  for (let row = 0; row < count; row++) {
    let cluster = order[slotOf[row]];
    let nearest = squaredDistance(row, cluster);
    let others = Number.POSITIVE_INFINITY;
    for (let g = row * boundLength; g < (row + 1) * boundLength; g++) if (bounds[g] < others) others = bounds[g];
    if (others <= Math.sqrt(nearest) * (1 + ROUNDING)) {
      nearest = Number.POSITIVE_INFINITY;
      for (let c = 0; c < centroids.length; c++) {
        const squared = squaredDistance(row, c);
        if (squared < nearest) {
          nearest = squared;
          cluster = c;
        }
      }
    }
    clusterOf[row] = cluster;
    sizes[cluster]++;
    distances[row] = nearest;
    inertia += nearest;
  }
  return { clusterOf, sizes, distances, inertia };
}

import { GROUP_SIZE, type KMeansMemory } from './k-means-memory.ts';

/** Bound on the rounding error of ‖x − c‖² in float32, as a share of ‖c‖². */
const RELATIVE_SLACK = 2e-6;
/** So that a drift rounded to float32 is never too small. */
const DRIFT_MARGIN = 1 + 2 ** -20;
/** No vector is near a slot without a centroid. */
const LOWEST = -1e30;

/** The centroids in float64, less the vectors' mean, and their images in the kernel's memory. */
export class CentroidSlots {
  readonly #memory: KMeansMemory;
  readonly #count: number;
  /** (count, rowLength) */
  readonly #means: Float64Array;

  /** Starts a fit: no vector is assigned yet. @param start (clusters, dimensions) */
  constructor(memory: KMeansMemory, start: readonly (readonly number[])[]) {
    this.#memory = memory;
    this.#count = start.length;
    this.#means = new Float64Array(start.length * memory.rowLength);
    start.forEach((centroid, slot) => {
      centroid.forEach((value, d) => {
        this.#means[slot * memory.rowLength + d] = value - memory.mean[d];
      });
    });
    memory.clusterOf.fill(-1);
    for (const { sums, counts } of memory.sums) {
      sums.fill(0);
      counts.fill(0);
    }
    this.#write();
  }

  /** Moves each centroid to the mean of its vectors; one without vectors stays. @returns the longest move. */
  moveToMeans(): number {
    const { rowLength, drifts, sums: threads } = this.#memory;
    const [{ sums, counts }, ...others] = threads;
    for (const other of others) {
      addAndClear(sums, other.sums);
      addAndClear(counts, other.counts);
    }
    let longest = 0;
    drifts.fill(0);
    for (let slot = 0; slot < this.#count; slot++) {
      const count = counts[slot];
      if (count === 0) continue;
      let squared = 0;
      for (let at = slot * rowLength; at < (slot + 1) * rowLength; at++) {
        const mean = sums[at] / count;
        squared += (mean - this.#means[at]) ** 2;
        this.#means[at] = mean;
      }
      const drift = Math.sqrt(squared);
      longest = Math.max(longest, drift);
      const group = Math.floor(slot / GROUP_SIZE);
      drifts[group] = Math.max(drifts[group], drift * DRIFT_MARGIN);
    }
    this.#write();
    return longest;
  }

  /** (clusters, dimensions) */
  centroids(): number[][] {
    const { rowLength, mean } = this.#memory;
    return Array.from({ length: this.#count }, (_, slot) =>
      Array.from(mean, (value, d) => this.#means[slot * rowLength + d] + value),
    );
  }

  #write(): void {
    const { rowLength, centroids, panels, offsets, slack } = this.#memory;
    centroids.set(this.#means);
    offsets.fill(LOWEST);
    let largest = 0;
    for (let slot = 0; slot < this.#count; slot++) {
      const group = Math.floor(slot / GROUP_SIZE);
      let squared = 0;
      for (let d = 0; d < rowLength; d++) {
        const value = this.#means[slot * rowLength + d];
        panels[(group * rowLength + d) * GROUP_SIZE + (slot % GROUP_SIZE)] = value;
        squared += value ** 2;
      }
      offsets[slot] = -squared / 2;
      largest = Math.max(largest, squared);
    }
    slack[0] = RELATIVE_SLACK * largest;
  }
}

function addAndClear(target: Float64Array | Int32Array, source: Float64Array | Int32Array): void {
  for (let i = 0; i < source.length; i++) target[i] += source[i];
  source.fill(0);
}

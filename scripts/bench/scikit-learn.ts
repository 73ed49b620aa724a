import type { Vectors } from '../../engine/numeric/vectors.ts';
import type { Usage } from './measured-process.ts';
import { PythonPeer } from './python.ts';

export interface TimedFit extends Usage {
  inertia: number;
}

/** scikit-learn's K-Means. */
export class ScikitLearn {
  readonly #peer = new PythonPeer('kmeans.py', 'sklearn');

  /** Lloyd's algorithm from the given rows for that many iterations, unless it converges earlier. */
  fit(vectors: Vectors, start: readonly number[], iterations: number, threads: number): Promise<TimedFit> {
    const { dimensions } = vectors;
    return this.#peer.ask({
      vectors: this.#peer.fileOf(vectors, ({ values }) => values),
      dimensions,
      start,
      iterations,
      threads,
    });
  }

  close(): void {
    this.#peer.close();
  }
}

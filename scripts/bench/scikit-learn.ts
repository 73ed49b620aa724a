import { writeFileSync } from 'node:fs';
import type { Vectors } from '../../engine/numeric/vectors.ts';
import { PythonPeer } from './python-peer.ts';

export interface TimedFit {
  seconds: number;
  /** Counting only when a CPU worked on it. */
  cpuSeconds: number;
  inertia: number;
  /** Of the process in MiB while it fitted; undefined where there is no /proc. */
  peakMb?: number;
}

/** scikit-learn's K-Means. */
export class ScikitLearn {
  readonly #peer = new PythonPeer('kmeans.py', 'sklearn');
  readonly #files = new Map<Vectors, string>();

  /** Lloyd's algorithm from the given rows for that many iterations, unless it converges earlier. */
  fit(vectors: Vectors, start: readonly number[], iterations: number, threads: number): Promise<TimedFit> {
    const { dimensions } = vectors;
    return this.#peer.ask({ vectors: this.#fileOf(vectors), dimensions, start, iterations, threads });
  }

  close(): void {
    this.#peer.close();
  }

  #fileOf(vectors: Vectors): string {
    const known = this.#files.get(vectors);
    if (known !== undefined) return known;
    const file = this.#peer.fileNamed(`vectors-${this.#files.size}.f32`);
    writeFileSync(file, vectors.values);
    this.#files.set(vectors, file);
    return file;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Vectors } from '../../lambdas/cluster/vectors.ts';
import { PYTHON } from './python.ts';

export interface TimedFit {
  seconds: number;
  /** Counting only when a CPU worked on it. */
  cpuSeconds: number;
  inertia: number;
}

/** A Python process with scikit-learn that stays alive between fits, so that its imports are not measured. */
export class ScikitLearn {
  readonly #python: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'scikit-learn-'));
  readonly #files = new Map<Vectors, string>();
  #errors = '';

  /** Runs with the Python that ALIKE_PYTHON names, else `python3`. */
  constructor() {
    const script = fileURLToPath(new URL('kmeans.py', import.meta.url));
    this.#python = spawn(PYTHON, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#python.stdin!.on('error', () => {});
    this.#python.stderr!.on('data', (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.#answers = createInterface({ input: this.#python.stdout! })[Symbol.asyncIterator]();
  }

  /** Lloyd's algorithm from the given rows for that many iterations, unless it converges earlier. */
  async fit(vectors: Vectors, start: readonly number[], iterations: number, threads: number): Promise<TimedFit> {
    const request = { vectors: this.#fileOf(vectors), dimensions: vectors.dimensions, start, iterations, threads };
    this.#python.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(
        `scikit-learn did not answer. Name a Python that has it: ALIKE_PYTHON=venv/bin/python (pip install scikit-learn).\n${this.#errors}`,
      );
    }
    return JSON.parse(value);
  }

  close(): void {
    this.#python.stdin!.end();
    rmSync(this.#folder, { recursive: true });
  }

  #fileOf(vectors: Vectors): string {
    const known = this.#files.get(vectors);
    if (known !== undefined) return known;
    const file = path.join(this.#folder, `vectors-${this.#files.size}.f32`);
    writeFileSync(file, vectors.values);
    this.#files.set(vectors, file);
    return file;
  }
}

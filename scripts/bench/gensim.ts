import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Word2VecCorpus, Word2VecSettings } from '../../lambdas/embed/settings.ts';
import { forgetPeak, usageOf } from './measured-process.ts';
import { PYTHON } from './python.ts';
import { textOf } from './word2vec-binaries.ts';

export interface GensimResult {
  /** Of `train()` alone. */
  seconds: number;
  /** The same, counting only when a CPU worked on it. */
  cpuSeconds: number;
  version: string;
  /** Of the process in MiB while it trained; undefined where there is no /proc. */
  peakMb?: number;
  /** (productCount, dimensions), row-major, in the corpus's own order of products. */
  vectors: Float32Array;
}

/** A gensim process that stays alive between trainings, so that its 1 s of imports is not measured. */
export class Gensim {
  readonly #python: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'gensim-'));
  readonly #files = new Map<Word2VecCorpus, string>();
  #errors = '';

  /** Runs with the Python that ALIKE_PYTHON names, else `python3`. */
  constructor() {
    const script = fileURLToPath(new URL('gensim-word2vec.py', import.meta.url));
    this.#python = spawn(PYTHON, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#python.stdin!.on('error', () => {});
    this.#python.stderr!.on('data', (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.#answers = createInterface({ input: this.#python.stdout! })[Symbol.asyncIterator]();
  }

  async train(corpus: Word2VecCorpus, settings: Word2VecSettings): Promise<GensimResult> {
    const vectorsFile = path.join(this.#folder, 'vectors.f32');
    // gensim has no such setting: its contexts are on both sides.
    const gensimSettings = { ...settings, direction: undefined };
    const request = { sessions: this.#fileOf(corpus), settings: gensimSettings, vectors: vectorsFile };
    const pid = this.#python.pid!;
    forgetPeak(pid);
    this.#python.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(
        `gensim did not answer. Name a Python that has it: ALIKE_PYTHON=venv/bin/python (pip install gensim).\n${this.#errors}`,
      );
    }
    const { peakMb } = usageOf(pid);
    const bytes = readFileSync(vectorsFile);
    return { ...JSON.parse(value), peakMb, vectors: new Float32Array(new Uint8Array(bytes).buffer) };
  }

  close(): void {
    this.#python.stdin!.end();
    rmSync(this.#folder, { recursive: true });
  }

  #fileOf(corpus: Word2VecCorpus): string {
    const known = this.#files.get(corpus);
    if (known !== undefined) return known;
    const file = path.join(this.#folder, `sessions-${this.#files.size}.txt`);
    writeFileSync(file, textOf(corpus));
    this.#files.set(corpus, file);
    return file;
  }
}

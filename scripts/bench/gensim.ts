import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Word2VecCorpus, Word2VecSettings } from '../../lambdas/embed/settings.ts';

export interface GensimResult {
  /** Of `train()` alone. */
  seconds: number;
  /** The same, counting only when a CPU worked on it. */
  cpuSeconds: number;
  version: string;
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
    this.#python = spawn(process.env['ALIKE_PYTHON'] ?? 'python3', [script], { stdio: ['pipe', 'pipe', 'pipe'] });
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
    this.#python.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(
        `gensim did not answer. Name a Python that has it: ALIKE_PYTHON=venv/bin/python (pip install gensim).\n${this.#errors}`,
      );
    }
    const bytes = readFileSync(vectorsFile);
    return { ...JSON.parse(value), vectors: new Float32Array(new Uint8Array(bytes).buffer) };
  }

  close(): void {
    this.#python.stdin!.end();
    rmSync(this.#folder, { recursive: true });
  }

  #fileOf(corpus: Word2VecCorpus): string {
    const known = this.#files.get(corpus);
    if (known !== undefined) return known;
    const file = path.join(this.#folder, `sessions-${this.#files.size}.txt`);
    const { offsets, views } = corpus.sessions;
    let text = '';
    for (let s = 0; s + 1 < offsets.length; s++) text += `${views.subarray(offsets[s], offsets[s + 1]).join(' ')}\n`;
    writeFileSync(file, text);
    this.#files.set(corpus, file);
    return file;
  }
}

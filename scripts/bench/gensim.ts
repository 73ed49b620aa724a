import { readFileSync, writeFileSync } from 'node:fs';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { PythonPeer } from './python-peer.ts';
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

/** gensim's Word2Vec. */
export class Gensim {
  readonly #peer = new PythonPeer('gensim-word2vec.py', 'gensim');
  readonly #files = new Map<Word2VecCorpus, string>();

  async train(corpus: Word2VecCorpus, settings: Word2VecSettings): Promise<GensimResult> {
    const vectors = this.#peer.fileNamed('vectors.f32');
    // gensim has no such setting: its contexts are on both sides.
    const gensimSettings = { ...settings, direction: undefined };
    const request = { sessions: this.#fileOf(corpus), settings: gensimSettings, vectors };
    const answer = await this.#peer.ask<Omit<GensimResult, 'vectors'>>(request);
    return { ...answer, vectors: new Float32Array(new Uint8Array(readFileSync(vectors)).buffer) };
  }

  close(): void {
    this.#peer.close();
  }

  #fileOf(corpus: Word2VecCorpus): string {
    const known = this.#files.get(corpus);
    if (known !== undefined) return known;
    const file = this.#peer.fileNamed(`sessions-${this.#files.size}.txt`);
    writeFileSync(file, textOf(corpus));
    this.#files.set(corpus, file);
    return file;
  }
}

import { readFileSync } from 'node:fs';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import type { Usage } from './measured-process.ts';
import { PythonPeer } from './python.ts';
import { textOf } from './word2vec-binaries.ts';

/** Time is that of `train()` alone. */
export interface GensimResult extends Usage {
  /** (productCount, dimensions), row-major, in the corpus's own order of products. */
  vectors: Float32Array;
}

/** gensim's Word2Vec. */
export class Gensim {
  readonly #peer = new PythonPeer('gensim-word2vec.py', 'gensim');

  async train(corpus: Word2VecCorpus, settings: Word2VecSettings): Promise<GensimResult> {
    const vectors = this.#peer.fileNamed('vectors.f32');
    const request = { sessions: this.#peer.fileOf(corpus, textOf), settings, vectors };
    const answer = await this.#peer.ask<Omit<GensimResult, 'vectors'>>(request);
    return { ...answer, vectors: new Float32Array(new Uint8Array(readFileSync(vectors)).buffer) };
  }

  close(): void {
    this.#peer.close();
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Word2VecCorpus, Word2VecSettings } from '../../engine/word2vec/settings.ts';
import { measureProcess, type Usage } from './measured-process.ts';
import { SKIPPED_MARK } from './result.ts';

/** A program with word2vec.c's command line. */
export interface Word2VecBinary {
  name: string;
  path: string;
  trainsCbow: boolean;
}

const KNOWN = [
  { name: 'word2vec.c', variable: 'ALIKE_WORD2VEC_C', trainsCbow: true },
  { name: 'pWord2Vec', variable: 'ALIKE_PWORD2VEC', trainsCbow: false },
] as const;

/** Those that the environment names; says which it does not name. */
export function givenBinaries(env: Readonly<Record<string, string | undefined>>): Word2VecBinary[] {
  return KNOWN.flatMap(({ name, variable, trainsCbow }) => {
    const binary = env[variable];
    if (binary !== undefined) return [{ name, path: binary, trainsCbow }];
    console.log(`${SKIPPED_MARK}${name}: no binary. Compile it and name it: ${variable}=path/to/binary`);
    return [];
  });
}

/** One session a line, product numbers separated by spaces, which is how gensim gets it too. */
export function textOf({ sessions: { offsets, views } }: Pick<Word2VecCorpus, 'sessions'>): string {
  let text = '';
  for (let s = 0; s + 1 < offsets.length; s++) text += `${views.subarray(offsets[s], offsets[s + 1]).join(' ')}\n`;
  return text;
}

export class BinaryTrainer {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'word2vec-'));
  readonly #sessions = path.join(this.#folder, 'sessions.txt');

  constructor(corpus: Word2VecCorpus) {
    writeFileSync(this.#sessions, textOf(corpus));
  }

  /**
   * Measures the training alone: what twice the epochs take more than the epochs, since these programs also read text,
   * count words and write vectors.
   */
  async train(binary: Word2VecBinary, settings: Word2VecSettings): Promise<Usage> {
    const once = await this.#run(binary, settings, settings.epochs);
    const twice = await this.#run(binary, settings, 2 * settings.epochs);
    const more = (time: 'seconds' | 'cpuSeconds') => (twice[time] ?? Number.NaN) - (once[time] ?? Number.NaN);
    return { seconds: more('seconds'), cpuSeconds: more('cpuSeconds'), peakMb: once.peakMb };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #run({ path: program }: Word2VecBinary, settings: Word2VecSettings, epochs: number): Promise<Usage> {
    const options = {
      train: this.#sessions,
      output: path.join(this.#folder, 'vectors.bin'),
      binary: 1,
      hs: 0,
      cbow: 1 - settings.sg,
      size: settings.vector_size,
      window: settings.window,
      negative: settings.negative,
      sample: settings.sample,
      alpha: settings.alpha,
      'min-count': settings.min_count,
      iter: epochs,
      threads: settings.workers,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]);
    return measureProcess(program, args, "It must take word2vec.c's options.");
  }
}

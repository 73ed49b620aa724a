import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { BinaryTrainer, givenBinaries, textOf } from '../../../scripts/bench/word2vec-binaries.ts';
import { corpusOf, SETTINGS } from '../../engine/word2vec/corpora.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'alike-binaries-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const corpus = corpusOf([
  ['shoe', 'hat', 'shoe'],
  ['shoe', 'hat'],
]);

it('writes a session a line, products as numbers', () => {
  expect(textOf(corpus)).toBe('0 1 0\n0 1\n');
});

describe('the programs that the environment names', () => {
  it('are taken, and the others are named with the variable that gives them', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    expect(givenBinaries({ ALIKE_WORD2VEC_C: './word2vec' })).toEqual([
      { name: 'word2vec.c', path: './word2vec', trainsCbow: true },
    ]);
    expect(log.mock.calls.flat()).toEqual([expect.stringMatching(/^SKIPPED pWord2Vec: .*ALIKE_PWORD2VEC=/)]);
  });

  it("get the corpus and the settings under word2vec.c's names, for the epochs and for twice as many", async () => {
    const [program, calls] = [path.join(folder, 'word2vec'), path.join(folder, 'calls')];
    writeFileSync(program, `#!/bin/sh\necho "$@" >> '${calls}'\ncat "$2" >> '${calls}'\n`);
    chmodSync(program, 0o755);

    const trainer = new BinaryTrainer(corpus);
    const usage = await trainer.train(
      { name: 'word2vec.c', path: program, trainsCbow: true },
      {
        ...SETTINGS,
        sg: 0,
        vector_size: 32,
        window: 4,
        negative: 7,
        sample: 0.001,
        epochs: 3,
        workers: 2,
        min_count: 2,
      },
    );
    trainer.close();

    const called = readFileSync(calls, 'utf8').split('\n');
    const options = '-cbow 1 -size 32 -window 4 -negative 7 -sample 0.001 -alpha 0.05 -min-count 2';
    expect(called[0]).toContain(`${options} -iter 3 -threads 2`);
    expect(called[3]).toContain(`${options} -iter 6 -threads 2`);
    expect(called.slice(1, 3)).toEqual(['0 1 0', '0 1']);
    expect(usage.seconds).toBeTypeOf('number');
  });
});

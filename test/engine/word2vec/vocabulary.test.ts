import { describe, expect, test } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { keepThresholds, vocabularySizeOf } from '../../../engine/word2vec/vocabulary.ts';
import { corpusOf, SETTINGS } from './corpora.ts';

describe('vocabulary', () => {
  const corpus = corpusOf([
    ['a', 'b', 'a', 'c'],
    ['b', 'a'],
  ]);

  test.each([
    [1, 3],
    [2, 2],
  ])('min_count %i keeps the %i products with as many views', (min_count, size) => {
    expect(vocabularySizeOf(corpus, { ...SETTINGS, min_count })).toBe(size);
  });

  test('no product with min_count views is refused with the fix', () => {
    const train = () => vocabularySizeOf(corpus, { ...SETTINGS, min_count: 4 });

    expect(train).toThrow(InputError);
    expect(train).toThrow('none of 3 has min_count = 4 views, the most viewed has 3. Lower min_count');
  });

  test.each([
    ['sessions of one view', [['a'], ['b'], ['a']], 1, /or more\. Check that the session column is the right one/],
    ['views of one product', [['a'], ['a']], 1, /All views are of one product: check that the product column/],
    [
      'pairs only with rare products',
      [
        ['a', 'b'],
        ['a', 'c'],
        ['d', 'a'],
      ],
      2,
      /or more\. Lower min_count, or check that the session column/,
    ],
    ['no session', [], 1, InputError],
  ])('a corpus that teaches nothing is refused: %s', (_, sessions, min_count, said) => {
    expect(() => vocabularySizeOf(corpusOf(sessions), { ...SETTINGS, min_count })).toThrow(said);
  });
});

describe('sub-sampling', () => {
  test("keeps views with the chance of word2vec.c's formula", () => {
    // sample 0.01 of 1000 views is 10: (√(900/10) + 1) · 10/900 = 0.11652…, (√(90/10) + 1) · 10/90 = 0.4444…
    const thresholds = keepThresholds(Uint32Array.of(900, 90, 10), 0.01);

    expect([...thresholds].map((threshold) => (threshold / 0xffff_ffff).toFixed(6))).toEqual([
      '0.116520',
      '0.444444',
      '1.000000',
    ]);
  });

  test('0 is off', () => {
    expect([...keepThresholds(Uint32Array.of(900, 90, 10), 0)]).toEqual(new Array(3).fill(0xffff_ffff));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeContainer, encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { type Corpus, collapseRepeats, decodeCorpus, encodeCorpus } from '../../../engine/clicks/corpus.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { decodeProductVectors, encodeProductVectors } from '../../../engine/word2vec/product-vectors.ts';

const corpus: Corpus = {
  productIds: ['👟', 'a/b', '007'],
  viewCounts: Uint32Array.of(3, 2, 1),
  sessionIds: ['s 1', ''],
  startTimesMs: Float64Array.of(-1, 1_767_323_045_123.456),
  offsets: Uint32Array.of(0, 3, 6),
  views: Uint32Array.of(0, 0, 1, 2, 0, 1),
};

it.each([
  ['with times', corpus],
  ['without times', { ...corpus, startTimesMs: undefined }],
  [
    'with weights and kinds',
    { ...corpus, weights: Float32Array.of(1, 1, 3, 5, 0.5, 1), kinds: Uint8Array.of(0, 0, 1, 2, 0, 0) },
  ],
])('a corpus comes back %s', (_, given) => {
  expect(decodeCorpus(encodeCorpus(given))).toEqual(given);
});

const productVectors = {
  productIds: ['b', 'a'],
  dimensions: 2,
  vectors: Float32Array.of(1, 2, 3, 4),
  contextVectors: Float32Array.of(5, 6, 7, 8),
};

it('vectors come back beside their ids', () => {
  expect(decodeProductVectors(encodeProductVectors(productVectors))).toEqual(productVectors);
  expect(() => decodeCorpus(encodeProductVectors(productVectors))).toThrow('Expected an Alike corpus file');
});

const asContainer = (file: Uint8Array) => decodeContainer(file, kindOf(file), 1);
const kindOf = (file: Uint8Array) => /"kind":"([^"]+)"/.exec(Buffer.from(file).toString('latin1'))![1];

it.each([
  ['too few view counts', { viewCounts: Uint32Array.of(1) }, '1 view counts, 3 products'],
  ['too few times', { startTimesMs: Float64Array.of(1) }, '1 start times, 2 sessions'],
  ['sessions that overlap', { offsets: Uint32Array.of(0, 9, 6) }, 'do not fit together'],
  ['a product that is not there', { views: Uint32Array.of(0, 0, 1, 2, 0, 3) }, 'names a product that is not there'],
  ['too few weights', { weights: Float32Array.of(1) }, '1 weights, 6 views'],
  ['a weight of 0', { weights: Float32Array.of(1, 1, 0, 1, 1, 1) }, 'a weight that is not above 0'],
  ['too few kinds', { kinds: Uint8Array.of(1) }, '1 kinds of events, 6 views'],
  ['an unknown kind', { kinds: Uint8Array.of(0, 0, 0, 0, 0, 3) }, 'a view is of no known kind'],
  [
    'a time that is none',
    { startTimesMs: Float64Array.of(Number.NaN, 1) },
    'NaN at position 0 of section "startTimesMs"',
  ],
])('a corpus with %s is refused', (_, sections, part) => {
  const container = asContainer(encodeCorpus(corpus));
  const faulty = encodeContainer({ ...container, sections: { ...container.sections, ...sections } });
  expect(() => decodeCorpus(faulty)).toThrow(ArtifactError);
  expect(() => decodeCorpus(faulty)).toThrow(part);
});

it.each([
  ['too few', { vectors: Float32Array.of(1, 2) }, 'its vectors are not (2, 2)'],
  ['not finite', { contextVectors: Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY) }, 'Infinity at position 3'],
])('vectors that are %s are refused', (_, sections, part) => {
  const container = asContainer(encodeProductVectors(productVectors));
  const faulty = encodeContainer({ ...container, sections: { ...container.sections, ...sections } });
  expect(() => decodeProductVectors(faulty)).toThrow(ArtifactError);
  expect(() => decodeProductVectors(faulty)).toThrow(part);
});

describe('collapseRepeats', () => {
  it('makes consecutive views of a product one, inside a session only', () => {
    const collapsed = collapseRepeats({
      offsets: Uint32Array.of(0, 4, 4, 6, 9),
      views: Uint32Array.of(1, 1, 2, 1, 1, 1, 1, 2, 2),
    });
    expect(collapsed).toEqual({ offsets: Uint32Array.of(0, 3, 3, 4, 6), views: Uint32Array.of(1, 2, 1, 1, 1, 2) });
  });

  it('does what removing a value equal to the one before does', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(2), { maxLength: 6 }), { maxLength: 6 }), (sessions) => {
        const flatten = (lists: number[][]) => {
          const offsets = [0];
          for (const list of lists) offsets.push(offsets.at(-1)! + list.length);
          return { offsets: Uint32Array.from(offsets), views: Uint32Array.from(lists.flat()) };
        };
        const expected = sessions.map((views) => views.filter((product, i) => i === 0 || product !== views[i - 1]));
        expect(collapseRepeats(flatten(sessions))).toEqual(flatten(expected));
      }),
    );
  });
});

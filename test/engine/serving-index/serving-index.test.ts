import { describe, expect, test } from 'vitest';
import { decodeContainer, encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import {
  buildServingIndex,
  decodeServingIndex,
  encodeServingIndex,
} from '../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, exampleIndex, vectorsOf } from '../ranking/example-index.ts';

describe('the serving index', () => {
  test('lists the members of each cluster ascending', () => {
    const index = exampleIndex();
    expect([...index.clusterOf]).toEqual([0, 0, 1, 1, 1]);
    expect([...index.clusterOffsets]).toEqual([0, 2, 5]);
    expect([...index.clusterMembers]).toEqual([0, 1, 2, 3, 4]);
    expect(index.numberOf.get('f')).toBe(5);
  });

  test('keeps empty clusters', () => {
    const index = buildServingIndex(
      corpusOf(['a'], [1]),
      vectorsOf(['a'], [[0, 0]]),
      clustersOf(
        [1],
        [
          [9, 9],
          [1, 0],
          [-1, 0],
        ],
      ),
      'popularity',
    );
    expect([...index.clusterOf]).toEqual([1]);
    expect([...index.clusterOffsets]).toEqual([0, 0, 1, 1]);
  });

  test('is the same after writing and reading', () => {
    const index = withOneSession();
    expect(decodeServingIndex(encodeServingIndex(index))).toEqual(index);
  });

  test('refuses vectors that stand in another order than the corpus', () => {
    const build = () =>
      buildServingIndex(
        corpusOf(['a', 'b'], [2, 1]),
        vectorsOf(['b', 'a'], [[1], [2]]),
        clustersOf([0, 0], [[0]]),
        'embedding',
      );
    expect(build).toThrow(ArtifactError);
    expect(build).toThrow(/vector 0 is of product "b", the corpus has "a" there/);
  });

  test('refuses clusters of other vectors', () => {
    const build = () =>
      buildServingIndex(corpusOf(['a'], [2]), vectorsOf(['a'], [[1]]), clustersOf([0, 0], [[0]]), 'embedding');
    expect(build).toThrow(ArtifactError);
    expect(build).toThrow(/2 products are in a cluster, 1 have a vector/);
  });

  test.each([
    ['a cluster that is not there', 'clusterOf', Uint32Array.of(0, 0, 1, 1, 2)],
    ['members of other clusters', 'clusterMembers', Uint32Array.of(0, 2, 1, 3, 4)],
    ['a member that is not there', 'clusterMembers', Uint32Array.of(0, 1, 2, 3, 9)],
    ['offsets that fall', 'clusterOffsets', Uint32Array.of(0, 9, 5)],
    ['too few view counts', 'viewCounts', Uint32Array.of(1, 2)],
    ['too few vectors', 'vectors', Float32Array.of(1, 2)],
    ['a cut list of recent views', 'recentViews', Float32Array.of(1)],
    ['weights of another blend', 'blendWeights', Float64Array.of(1, 2)],
    ['rows of pairs that fall', 'pairOffsets', Uint32Array.of(0, 9, 1, 1, 1, 1, 1)],
    ['pairs of a product that is not there', 'pairProducts', Uint32Array.of(7)],
    ['a cut statistic', 'pairNext', new Float32Array(0)],
    ['past sessions that fall', 'sessionOffsets', Uint32Array.of(2)],
    ['a past view of a product that is not there', 'sessionViews', Uint32Array.of(0, 9)],
    ['a past view of a session that is not there', 'sessionOfView', Uint32Array.of(0, 1)],
    ['an occurrence that is not there', 'occurrences', Uint32Array.of(0, 2)],
    ['cut inverse frequencies', 'inverseFrequency', Float32Array.of(1)],
    ['a product id twice', 'productIds', new TextEncoder().encode('aacdef')],
  ])('refuses a file with %s', (_, name, section) => {
    const container = decodeContainer(encodeServingIndex(withOneSession()), 'serving-index', 1);
    const faulty = encodeContainer({ ...container, sections: { ...container.sections, [name]: section } });
    expect(() => decodeServingIndex(faulty)).toThrow(ArtifactError);
    expect(() => decodeServingIndex(faulty)).toThrow(/contradicts itself/);
  });

  test('refuses a strategy that it does not know', () => {
    const container = decodeContainer(encodeServingIndex(exampleIndex()), 'serving-index', 1);
    const faulty = encodeContainer({ ...container, meta: { ...container.meta, defaultStrategy: 'oracle' } });
    expect(() => decodeServingIndex(faulty)).toThrow(/default strategy is "oracle", known are blend, session-knn/);
  });
});

/** The example with the past session a, b. */
function withOneSession() {
  const example = exampleIndex();
  const corpus = corpusOf([...example.productIds], [...example.viewCounts], [[0, 1]]);
  const { vectors, contextVectors, dimensions } = example;
  const products = { productIds: corpus.productIds.slice(0, 5), dimensions, vectors, contextVectors };
  return buildServingIndex(
    corpus,
    products,
    clustersOf(
      [1, 1, 0, 0, 0],
      [
        [0, 0],
        [1, 1],
      ],
    ),
    'blend',
  );
}

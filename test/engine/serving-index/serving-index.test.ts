import { describe, expect, test } from 'vitest';
import {
  type Container,
  decodeContainer,
  encodeContainer,
  type Section,
} from '../../../engine/artifacts/binary-container.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { BLEND_FEATURES, FEATURES_OF_VERSION_1 } from '../../../engine/serving-index/blend-weights.ts';
import { buildServingIndex, type ServingIndex, withVectors } from '../../../engine/serving-index/serving-index.ts';
import {
  decodeAsItArrives,
  decodeServingIndex,
  encodeServingIndex,
  SERVING_INDEX_VERSION,
} from '../../../engine/serving-index/serving-index-file.ts';
import { clustersOf, corpusOf, exampleIndex, vectorsOf } from '../ranking/example-index.ts';

describe('the serving index', () => {
  test('lists the members of each cluster ascending', () => {
    const index = exampleIndex();
    expect([...index.clusterOf]).toEqual([0, 0, 1, 1, 1]);
    expect([...index.clusterOffsets]).toEqual([0, 2, 5]);
    expect([...index.clusterMembers]).toEqual([0, 1, 2, 3, 4]);
    expect(index.numberOf.get('f')).toBe(5);
  });

  test('is the same when its vectors come later', () => {
    const corpus = corpusOf(
      ['a', 'b', 'c'],
      [3, 2, 1],
      [
        [0, 1, 0],
        [0, 1, 2],
      ],
    );
    const vectors = vectorsOf(
      ['a', 'b'],
      [
        [0.1, 0.7],
        [0.3, -0.2],
      ],
    );
    const clusters = clustersOf(
      [0, 1],
      [
        [0, 1],
        [1, 0],
      ],
    );
    const none = { productIds: [], dimensions: 1, vectors: new Float32Array(0), contextVectors: new Float32Array(0) };
    const unembedded = buildServingIndex(corpus, none, clustersOf([], [[0]]), 'blend');
    expect(withVectors(unembedded, vectors, clusters)).toEqual(buildServingIndex(corpus, vectors, clusters, 'blend'));
    const others = vectorsOf(['a', 'x'], [[1], [1]]);
    expect(() => withVectors(unembedded, others, clusters)).toThrow(/vector 1 is of product "x"/);
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

  test('with weights, times and purchases is the same after writing and reading', () => {
    const index = boughtIndex();
    expect(index.boughtTogether).toMatchObject({ from: 'purchases' });
    expect(index.trend).toHaveLength(2);
    expect([...index.pastSessions.weights!]).toEqual([1, 1, 1, 5]);
    expect(decodeServingIndex(encodeServingIndex(index))).toEqual(index);
  });

  test('without purchases and times has no section of either', () => {
    const names = Object.keys(containerOf(withOneSession()).sections);
    expect(names.filter((name) => /^(trend|bought|sessionWeights)/.test(name))).toEqual([]);
  });

  test('decays what is trending by the half-life that it is given', () => {
    // The first session is 24 hours older than the second.
    expect([...boughtIndex(1).trend!]).toEqual([1.5, 5.5]);
    expect([...boughtIndex(0.5).trend!]).toEqual([1.25, 5.25]);
  });

  test.each<[string, string, Section]>([
    ['a cut trend', 'trend', Float32Array.of(1)],
    ['rows that fall', 'boughtOffsets', Uint32Array.of(0, 2, 1)],
    ['too few rows', 'boughtOffsets', Uint32Array.of(0, 2)],
    ['a product that is not there', 'boughtProducts', Uint32Array.of(1, 2)],
    ['cut counts', 'boughtSessions', Uint32Array.of(1)],
    ['cut scores', 'boughtScores', Float32Array.of(1)],
  ])('refuses %s of what is trending or bought', (_, name, section) => {
    const faulty = withSection(containerOf(boughtIndex()), name, section);
    expect(() => decodeServingIndex(faulty)).toThrow(ArtifactError);
    expect(() => decodeServingIndex(faulty)).toThrow(/contradicts itself/);
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
  ])('refuses a file of version 2 with %s', (_, name, section) => {
    const faulty = withSection(containerOfVersion2(withOneSession()), name, section);
    expect(() => decodeServingIndex(faulty)).toThrow(ArtifactError);
    expect(() => decodeServingIndex(faulty)).toThrow(/contradicts itself/);
  });

  test.each<[string, string, Section]>([
    ['members of other clusters', 'clusterMembers', Uint32Array.of(0, 2, 1, 3, 4)],
    ['too few view counts', 'viewCounts', Uint32Array.of(1, 2)],
    ['too few vectors', 'vectorsCodes', new Uint16Array(5)],
    ['vectors of more products', 'vectorsCodes', new Uint16Array(20)],
    ['vectors that are cut', 'vectorsCodes', new Uint16Array(9)],
    ['exponents of fewer products', 'contextVectorsExponents', new Int8Array(1)],
    ['weights of another blend', 'blendWeights', Float64Array.of(1, 2)],
    ['rows of pairs that fall', 'pairBlocks', Uint32Array.of(0, 9, 1, 1, 1, 1, 2)],
    ['too few rows of pairs', 'pairBlocks', Uint32Array.of(0, 2)],
    ['pairs of a product that is not there', 'pairProductsLow', Uint16Array.of(1, 7)],
    ['a cut statistic', 'pairNearbyShort', new Uint16Array(1)],
    ['a cut coded statistic', 'pairNextCodes', new Uint8Array(1)],
    ['a code without a value', 'pairNextCodes', Uint8Array.of(0, 2)],
    ['a rare value that is missing', 'pairTogetherCodes', Uint8Array.of(0, 255)],
    ['a rare value too many', 'pairTogetherRest', Float32Array.of(3)],
    ['more than 255 frequent values', 'pairTogetherValues', new Float32Array(256)],
    ['past sessions that fall', 'sessionOffsets', Uint32Array.of(2)],
    ['a past view of a product that is not there', 'sessionViewsLow', Uint16Array.of(0, 9)],
    ['high bits of a product that is not there', 'sessionViewsHigh', Uint8Array.of(0, 1)],
    ['high bits of fewer views', 'sessionViewsHigh', Uint8Array.of(0)],
    ['high bits of another type', 'sessionViewsHigh', Uint32Array.of(0, 0)],
    ['an occurrence that is not there', 'occurrencesLow', Uint16Array.of(0, 2)],
    ['occurrences of fewer products', 'occurrenceOffsets', Uint32Array.of(0, 2)],
    ['cut inverse frequencies', 'inverseFrequency', Float32Array.of(1)],
    ['a product id twice', 'productIds', new TextEncoder().encode('aacdef')],
    ['product ids that fall', 'productIdOffsets', Uint32Array.of(0, 2, 1, 3, 4, 5, 6)],
  ])('refuses a file with %s', (_, name, section) => {
    const faulty = withSection(containerOf(withOneSession()), name, section);
    expect(() => decodeServingIndex(faulty)).toThrow(ArtifactError);
    expect(() => decodeServingIndex(faulty)).toThrow(/contradicts itself/);
  });

  test.each([-1, 224, 1.5, undefined])('refuses short floats with the exponent %s', (pairNearbyExponent) => {
    const container = containerOf(withOneSession());
    const faulty = encodeContainer({ ...container, meta: { ...container.meta, pairNearbyExponent } });
    expect(() => decodeServingIndex(faulty)).toThrow(
      `contradicts itself (pairNearbyExponent is ${pairNearbyExponent})`,
    );
  });

  test.each([
    ['vectors', Float32Array],
    ['contextVectors', Float32Array],
    ['centroids', Float32Array],
    ['recentViews', Float32Array],
    ['pairNext', Float32Array],
    ['pairFollowing', Float32Array],
    ['pairTogether', Float32Array],
    ['pairNearby', Float32Array],
    ['sessionRecency', Float32Array],
    ['inverseFrequency', Float32Array],
    ['blendWeights', Float64Array],
  ] as const)('refuses %s that are not finite in a file of version 2', (name, ArrayType) => {
    const container = containerOfVersion2(withOneSession());
    const { length } = container.sections[name];
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const section = new ArrayType(length);
      section[length - 1] = value;
      const faulty = encodeContainer({ ...container, sections: { ...container.sections, [name]: section } });
      expect(() => decodeServingIndex(faulty)).toThrow(ArtifactError);
      expect(() => decodeServingIndex(faulty)).toThrow(
        `The serving-index file has ${value} at position ${length - 1} of section "${name}", where only finite numbers make sense`,
      );
    }
  });

  test.each([
    'centroids',
    'recentViews',
    'pairNextValues',
    'pairTogetherRest',
    'sessionRecency',
    'inverseFrequency',
  ] as const)('refuses %s that are not finite', (name) => {
    const container = containerOf(withOneSession());
    const section = new Float32Array(container.sections[name].length + 1).fill(Number.NaN);
    expect(() => decodeServingIndex(withSection(container, name, section))).toThrow(
      `The serving-index file has NaN at position 0 of section "${name}", where only finite numbers make sense`,
    );
  });

  test('refuses a strategy that it does not know', () => {
    const container = containerOf(exampleIndex());
    const faulty = encodeContainer({ ...container, meta: { ...container.meta, defaultStrategy: 'oracle' } });
    expect(() => decodeServingIndex(faulty)).toThrow(/default strategy is "oracle", known are blend, session-knn/);
  });
});

describe('an index of another release', () => {
  test('that has a section more is read without it', () => {
    const index = withOneSession();
    const container = containerOf(index);
    const sections = { addedLater: Float64Array.of(Number.NaN), ...container.sections, another: Uint8Array.of(1) };
    expect(decodeServingIndex(encodeContainer({ ...container, sections }))).toEqual(index);
  });

  test('that has its sections in another order is the same', () => {
    const index = withOneSession();
    const container = containerOf(index);
    const sections = Object.fromEntries(Object.entries(container.sections).reverse());
    expect(decodeServingIndex(encodeContainer({ ...container, sections }))).toEqual(index);
  });

  test('that lacks a weight counts that feature for nothing', () => {
    const index = { ...withOneSession(), blendWeights: Float64Array.from(BLEND_FEATURES, (_, f) => f + 1) };
    const without = decodeServingIndex(withWeights(index, BLEND_FEATURES.toSpliced(3, 1), [1, 2, 3, ...from(5)]));
    expect([...without.blendWeights]).toEqual([1, 2, 3, 0, ...from(5)]);
    expect(rank(without, { ...QUESTION, viewed: [0] })).toHaveLength(3);
  });

  test('that has its weights in another order has each for its own feature', () => {
    const weights = BLEND_FEATURES.map((_, f) => f + 1);
    const reversed = withWeights(withOneSession(), BLEND_FEATURES.toReversed(), weights.toReversed());
    expect([...decodeServingIndex(reversed).blendWeights]).toEqual(weights);
  });

  test.each([
    [
      'a feature that this code does not know',
      ['phase of the moon'],
      [1],
      'a weight for "phase of the moon", which this',
    ],
    ['a feature twice', ['cosine', 'cosine'], [1, 2], 'two weights for "cosine"'],
    ['more weights than names', ['cosine'], [1, 2], '2 weights of the blend have no or other names'],
  ])('that has %s is refused', (_, names, weights, part) => {
    const read = () => decodeServingIndex(withWeights(withOneSession(), names, weights));
    expect(read).toThrow(ArtifactError);
    expect(read).toThrow(part);
  });

  test('that has no names for its weights is refused, but for version 1, which had none', () => {
    const container = containerOfVersion2(withOneSession());
    const { blendFeatures: _, ...meta } = container.meta;
    expect(() => decodeServingIndex(encodeContainer({ ...container, meta }))).toThrow('have no or other names');
    const weights = FEATURES_OF_VERSION_1.map((_, f) => f + 1);
    const sections = { ...container.sections, blendWeights: Float64Array.from(weights) };
    const { blendWeights } = decodeServingIndex(encodeContainer({ ...container, kindVersion: 1, meta, sections }));
    expect(FEATURES_OF_VERSION_1.map((name) => blendWeights[BLEND_FEATURES.indexOf(name)])).toEqual(weights);
  });

  test('that has its large parts as wide as in memory is the same', () => {
    const index = withOneSession();
    expect(decodeServingIndex(encodeContainer(containerOfVersion2(index)))).toEqual(index);
  });

  test('of a newer format is refused', () => {
    const newer = encodeContainer({ ...containerOf(withOneSession()), kindVersion: 4 });
    expect(() => decodeServingIndex(newer)).toThrow('has version 4; this code reads up to 3: deploy the newer code');
  });
});

describe('an index on its way', () => {
  test.each([
    ['of this version', () => encodeServingIndex(withOneSession())],
    ['of version 2', () => encodeContainer(containerOfVersion2(withOneSession()))],
  ])('%s is decoded from what has arrived', (_, encode) => {
    const file = encode();
    const whole = Buffer.alloc(file.length + 16);
    const arriving = whole
      .subarray((16 - (whole.byteOffset % 16)) % 16)
      .subarray(0, file.length)
      .fill(0xa5);
    const steps = decodeAsItArrives(arriving);
    const ends: number[] = [];
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        expect(step.value).toEqual(decodeServingIndex(file));
        break;
      }
      ends.push(step.value);
      arriving.set(file.subarray(0, step.value));
    }
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    expect(ends.at(-1)).toBe(file.length);
  });

  test('whose buffer is not aligned is waited for as a whole', () => {
    const file = Buffer.concat([Buffer.alloc(3), encodeServingIndex(boughtIndex())]).subarray(3);
    expect(decodeAsItArrives(file).next().value).toBe(file.length);
    expect(decodeServingIndex(file)).toEqual(decodeServingIndex(encodeServingIndex(boughtIndex())));
  });

  test('is refused when its last section is torn', () => {
    const file = encodeServingIndex(withOneSession());
    file[file.length - 8]++;
    expect(() => decodeServingIndex(file)).toThrow('torn');
    const header = encodeServingIndex(withOneSession());
    header[header.length - 1]++;
    expect(() => decodeServingIndex(header)).toThrow('its header has another checksum');
  });
});

describe('the run of an index', () => {
  test('must be the one that is asked for', () => {
    const file = encodeServingIndex(withOneSession(), 'run-1');
    expect(decodeServingIndex(file, 'run-1')).toEqual(withOneSession());
    expect(() => decodeServingIndex(file, 'run-2')).toThrow('The serving-index file is of run run-1, not of run run-2');
  });

  test('may be missing: release 0.1.0 did not write it', () => {
    expect(decodeServingIndex(encodeServingIndex(withOneSession()), 'run-1')).toEqual(withOneSession());
  });
});

const QUESTION = {
  count: 3,
  strategy: 'blend',
  excluded: new Set<number>(),
  excludeViewed: true,
  random: seededRandom(1),
} as const;

const from = (first: number) => Array.from({ length: BLEND_FEATURES.length - first + 1 }, (_, i) => first + i);

const containerOf = (index: ServingIndex) =>
  decodeContainer(encodeServingIndex(index), 'serving-index', SERVING_INDEX_VERSION);

/** As release 0.2.0 wrote it, by the table in docs/formats.md. */
function containerOfVersion2(index: ServingIndex): Container {
  const { meta, sections } = containerOf(index);
  const { pairs, pastSessions: past } = index;
  const kept = Object.entries(sections).filter(([name]) => !/Codes$|Exponents$|^pair|Low$|High$/.test(name));
  return {
    kind: 'serving-index',
    kindVersion: 2,
    meta,
    sections: {
      ...Object.fromEntries(kept),
      vectors: index.vectors,
      contextVectors: index.contextVectors,
      pairOffsets: pairs.offsets,
      pairProducts: pairs.products,
      pairNext: pairs.next,
      pairFollowing: pairs.following,
      pairTogether: pairs.together,
      pairNearby: pairs.nearby,
      sessionViews: past.views,
      sessionOfView: past.sessionOf,
      occurrences: past.occurrences,
    },
  };
}

const withSection = (container: Container, name: string, section: Section) =>
  encodeContainer({ ...container, sections: { ...container.sections, [name]: section } });

function withWeights(index: ServingIndex, blendFeatures: readonly string[], weights: readonly number[]): Uint8Array {
  const container = containerOf(index);
  return encodeContainer({
    ...container,
    meta: { ...container.meta, blendFeatures },
    sections: { ...container.sections, blendWeights: Float64Array.from(weights) },
  });
}

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

/** Two sessions a day apart; the second buys a and b. */
function boughtIndex(halfLifeDays?: number): ServingIndex {
  const corpus = {
    ...corpusOf(['a', 'b'], [2, 1], [[0], [0, 1]]),
    viewCounts: Uint32Array.of(6, 5),
    startTimesMs: Float64Array.of(0, 86_400_000),
    offsets: Uint32Array.of(0, 2, 4),
    views: Uint32Array.of(0, 1, 0, 1),
    weights: Float32Array.of(1, 1, 1, 5),
    kinds: Uint8Array.of(0, 0, 2, 2),
  };
  const clusters = clustersOf([0, 0], [[1]]);
  return buildServingIndex(corpus, vectorsOf(['a', 'b'], [[1], [2]]), clusters, 'markov', undefined, halfLifeDays);
}

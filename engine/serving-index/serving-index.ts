import {
  type ArrivingContainer,
  type Container,
  encodeContainer,
  finiteSectionOf,
  hasSection,
  inconsistent,
  openArrivingContainer,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { decodeStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import { PRESETS } from '../artifacts/training-request.ts';
import { type AttributeModel, attributeSections, readAttributeModel } from '../attributes/attribute-model.ts';
import type { Corpus } from '../clicks/corpus.ts';
import { ArtifactError } from '../errors.ts';
import type { ClusteringModel } from '../k-means/cluster-model.ts';
import { type ArraySpace, copyInto, OWN_SPACE } from '../numeric/array-space.ts';
import { groupItems } from '../numeric/grouping.ts';
import { KERNEL_SPACE } from '../numeric/kernel-space.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import { BLEND_FEATURES, FEATURES_OF_VERSION_1, UNFITTED_BLEND_WEIGHTS, weightsByName } from './blend-weights.ts';
import { type BoughtTogether, boughtSections, countBoughtTogether, readBoughtTogether } from './bought-together.ts';
import { roundScaledRows, roundShortFloats } from './compact-numbers.ts';
import {
  compactPairs,
  compactPastSessions,
  compactRows,
  readCompactPairs,
  readCompactPastSessions,
  readCompactRows,
} from './compact-sections.ts';
import { indexPastSessions, type PastSessions } from './past-sessions.ts';
import { countProductPairs, type ProductPairs } from './product-pairs.ts';
import { RERANKER_INPUTS, type Reranker, rerankerByName } from './reranker.ts';
import { faultInPairs, faultInPastSessions, readPairs, readPastSessions } from './serving-index-sections.ts';
import { type SessionKnnSettings, sessionKnnSettingsSchema } from './session-knn-settings.ts';
import { isStrategy, STRATEGIES, type Strategy } from './strategy.ts';
import { countRecentViews, countTrend } from './trend.ts';

/** Everything `recommend` answers from (`index.bin`): one file, read once, immutable. */
export interface ServingIndex {
  /** (productCount) most viewed first; a product's number is its position. */
  readonly productIds: readonly string[];
  readonly numberOf: Pick<ReadonlyMap<string, number>, 'get' | 'has' | 'size'>;
  /** (productCount) falling */
  readonly viewCounts: Uint32Array;
  readonly dimensions: number;
  /** (embeddedCount, dimensions), row-major. Products with a vector are the prefix [0, embeddedCount). */
  readonly vectors: Float32Array;
  /** (embeddedCount, dimensions), row-major: Word2Vec's output vectors. */
  readonly contextVectors: Float32Array;
  /** (embeddedCount) */
  readonly clusterOf: Uint32Array;
  /** (clusterCount, dimensions), row-major */
  readonly centroids: Float32Array;
  /** (clusterCount + 1) cluster c has the members [clusterOffsets[c], clusterOffsets[c + 1]). */
  readonly clusterOffsets: Uint32Array;
  /** (embeddedCount) product numbers, ascending inside a cluster */
  readonly clusterMembers: Uint32Array;
  /** (productCount) heard views, each by its event's weight, decayed by 2^(−age / (S / 20)), age in sessions of the S: what is popular now */
  readonly recentViews: Float32Array;
  /** (productCount) what is trending: `countTrend`. Undefined without times, and of an older index: then `recentViews` says it. */
  readonly trend?: Float32Array | undefined;
  /** Undefined when nothing is known to have been bought. */
  readonly boughtTogether?: BoughtTogether | undefined;
  readonly pairs: ProductPairs;
  readonly pastSessions: PastSessions;
  /** (features of the blend) */
  readonly blendWeights: Float64Array;
  /** Answers when a request names no strategy. */
  readonly defaultStrategy: Strategy;
  /** Undefined: the defaults. */
  readonly sessionKnn?: SessionKnnSettings | undefined;
  /** Undefined where none was fitted, or it gained nothing. */
  readonly reranker?: Reranker | undefined;
  /** Undefined where the run had no catalogue. */
  readonly attributes?: AttributeModel | undefined;
}

const KIND = 'serving-index';
/** 1: release 0.1.0, whose blend weights have no names. 2: release 0.2.0, whose sections are as wide as in memory. */
export const SERVING_INDEX_VERSION = 3;
/** 20 bytes each in memory, 8 in the file: 80 MB, and 160 MB of 200,000 products with the least. */
const MOST_PAIRS = 4_000_000;
const PAIRS_PER_PRODUCT = { least: 40, most: 500 };

/**
 * What is built, rounded to what its file keeps of it, so that what is measured is what is served.
 *
 * @throws ArtifactError when vectors or clusters are not those of the corpus's most viewed products, in its order.
 */
export function buildServingIndex(...parts: Parameters<typeof buildExactIndex>): ServingIndex {
  return roundedIndex(buildExactIndex(...parts));
}

/** Not rounded yet. */
export function buildExactIndex(
  corpus: Corpus,
  vectors: ProductVectors,
  clusters: LearnedClusters,
  defaultStrategy: Strategy,
  blendWeights = UNFITTED_BLEND_WEIGHTS,
  trendingHalfLifeDays: number = PRESETS.layer.trending_half_life_days,
): ServingIndex {
  return {
    productIds: corpus.productIds,
    numberOf: ProductNumbers.of(corpus.productIds),
    viewCounts: corpus.viewCounts,
    ...embeddedPart(corpus.productIds, vectors, clusters),
    recentViews: countRecentViews(corpus),
    trend: countTrend(corpus, trendingHalfLifeDays),
    boughtTogether: countBoughtTogether(corpus, corpus.productIds.length),
    pairs: countProductPairs(corpus, corpus.productIds.length, pairsPerProduct(corpus.productIds.length)),
    pastSessions: indexPastSessions(corpus, corpus.productIds.length),
    blendWeights,
    defaultStrategy,
  };
}

/** The index with other vectors and clusters. */
export function withVectors(index: ServingIndex, vectors: ProductVectors, clusters: LearnedClusters): ServingIndex {
  return withRoundedVectors({ ...index, ...embeddedPart(index.productIds, vectors, clusters) });
}

/** What an index takes of clusters. */
export interface LearnedClusters {
  model: Pick<ClusteringModel, 'centroids'>;
  clusterOf: Uint32Array;
}

/** @throws ArtifactError where vectors or clusters are of other products. */
function embeddedPart(
  productIds: readonly string[],
  { productIds: embeddedIds, dimensions, vectors, contextVectors }: ProductVectors,
  { model, clusterOf }: LearnedClusters,
) {
  embeddedIds.forEach((id, product) => {
    if (id !== productIds[product]) {
      throw new ArtifactError(
        `The vectors belong to another corpus: vector ${product} is of product "${id}", the corpus has ` +
          `"${productIds[product]}" there; run the embed stage again for this run.`,
      );
    }
  });
  if (clusterOf.length !== embeddedIds.length) {
    throw new ArtifactError(
      `The clusters belong to other vectors: ${clusterOf.length} products are in a cluster, ${embeddedIds.length} have a ` +
        'vector; run the cluster stage again for this run.',
    );
  }
  return {
    dimensions,
    vectors,
    contextVectors,
    clusterOf,
    centroids: Float32Array.from(model.centroids.flat()),
    ...membersByCluster(clusterOf, model.centroids.length),
  };
}

/** What the file of an index says, for one that was built exactly or is of an older release. */
export function roundedIndex(index: ServingIndex): ServingIndex {
  const { pairs } = index;
  return {
    ...withRoundedVectors(index),
    pairs: { ...pairs, following: roundShortFloats(pairs.following), nearby: roundShortFloats(pairs.nearby) },
  };
}

function withRoundedVectors(index: ServingIndex): ServingIndex {
  const { dimensions, vectors, contextVectors } = index;
  return {
    ...index,
    vectors: roundScaledRows(vectors, dimensions),
    contextVectors: roundScaledRows(contextVectors, dimensions),
  };
}

/** @param runId that the file will say it is of. */
export function encodeServingIndex(index: ServingIndex, runId?: string): Uint8Array {
  const products = encodeStrings(index.productIds);
  const pairs = compactPairs(index.pairs);
  return encodeContainer({
    kind: KIND,
    kindVersion: SERVING_INDEX_VERSION,
    meta: {
      ...(runId !== undefined && { runId }),
      dimensions: index.dimensions,
      defaultStrategy: index.defaultStrategy,
      blendFeatures: BLEND_FEATURES,
      ...pairs.meta,
      ...(index.sessionKnn !== undefined && { sessionKnn: index.sessionKnn }),
      ...(index.reranker !== undefined && { rerankerInputs: RERANKER_INPUTS }),
      ...(index.boughtTogether !== undefined && { boughtFrom: index.boughtTogether.from }),
      ...(index.attributes !== undefined && { attributeWeights: index.attributes.weights }),
    },
    sections: {
      productIds: products.bytes,
      productIdOffsets: products.offsets,
      viewCounts: index.viewCounts,
      ...compactRows('vectors', index.vectors, index.dimensions),
      ...compactRows('contextVectors', index.contextVectors, index.dimensions),
      clusterOf: index.clusterOf,
      centroids: index.centroids,
      clusterOffsets: index.clusterOffsets,
      clusterMembers: index.clusterMembers,
      recentViews: index.recentViews,
      ...(index.trend !== undefined && { trend: index.trend }),
      ...boughtSections(index.boughtTogether),
      ...pairs.sections,
      ...compactPastSessions(index.pastSessions),
      blendWeights: index.blendWeights,
      ...(index.reranker !== undefined && { reranker: index.reranker.parameters }),
      ...attributeSections(index.attributes),
    },
  });
}

/**
 * Reads this version and all before it.
 *
 * @param runId the run that the file must be of; version 1 does not say its run.
 * @param space where its large arrays are made; of versions before 3 they stay parts of the file.
 * @throws ArtifactError when the file is torn, newer than this code, of another run, or its sections contradict each other.
 */
export function decodeServingIndex(file: Uint8Array, runId?: string, space: ArraySpace = OWN_SPACE): ServingIndex {
  const steps = decodeAsItArrives(file, runId, space);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/**
 * The same for a file that is still on its way: decoded while the rest of it comes.
 *
 * @yields how many bytes of the file must be there to go on. @param file aligned to 16 bytes, or all there.
 */
export function* decodeAsItArrives(
  file: Uint8Array,
  runId?: string,
  space: ArraySpace = OWN_SPACE,
): Generator<number, ServingIndex, void> {
  const container = yield* openArrivingContainer(file, KIND, SERVING_INDEX_VERSION, runId);
  yield container.endOf('productIds', 'productIdOffsets');
  const idBytes = copyInto(space, sectionOf(container, 'productIds', Uint8Array));
  const idOffsets = copyInto(space, sectionOf(container, 'productIdOffsets', Uint32Array));
  if (!isPartition(idOffsets, idOffsets.length - 1, idBytes.length)) {
    throw inconsistent(container, 'the product ids do not fit together');
  }
  const productIds = decodeStrings(idBytes, idOffsets);
  const defaultStrategy = container.meta['defaultStrategy'];
  if (!isStrategy(defaultStrategy)) {
    throw inconsistent(container, `its default strategy is "${defaultStrategy}", known are ${STRATEGIES.join(', ')}`);
  }
  const numberOf = new ProductNumbers(idBytes, idOffsets);
  const dimensions = container.meta['dimensions'] as number;
  const largeParts = yield* readLargeParts(container, productIds.length, dimensions, space);
  yield file.length;
  container.check();
  const index: ServingIndex = {
    productIds,
    numberOf,
    viewCounts: copyInto(space, sectionOf(container, 'viewCounts', Uint32Array)),
    dimensions,
    ...largeParts,
    clusterOf: copyInto(space, sectionOf(container, 'clusterOf', Uint32Array)),
    centroids: copyInto(space, finiteSectionOf(container, 'centroids', Float32Array)),
    clusterOffsets: copyInto(space, sectionOf(container, 'clusterOffsets', Uint32Array)),
    clusterMembers: copyInto(space, sectionOf(container, 'clusterMembers', Uint32Array)),
    recentViews: copyInto(space, finiteSectionOf(container, 'recentViews', Float32Array)),
    trend: hasSection(container, 'trend')
      ? copyInto(space, finiteSectionOf(container, 'trend', Float32Array))
      : undefined,
    boughtTogether: readBoughtTogether(container, productIds.length, space),
    blendWeights: readBlendWeights(container),
    defaultStrategy,
    sessionKnn: readSessionKnn(container),
    reranker: readReranker(container),
    attributes: readAttributeModel(container, dimensions),
  };
  const fault = faultIn(index);
  if (fault !== undefined) throw inconsistent(container, fault);
  return index;
}

/** In the order of the file. */
function* readLargeParts(
  container: ArrivingContainer,
  productCount: number,
  dimensions: number,
  space: ArraySpace,
): Generator<number, Pick<ServingIndex, 'vectors' | 'contextVectors' | 'pairs' | 'pastSessions'>, void> {
  if (container.kindVersion >= 3) {
    yield container.endOf('vectorsCodes', 'vectorsExponents');
    const vectors = readCompactRows(container, 'vectors', dimensions, KERNEL_SPACE);
    yield container.endOf('contextVectorsCodes', 'contextVectorsExponents');
    const contextVectors = readCompactRows(container, 'contextVectors', dimensions, KERNEL_SPACE);
    const pairs = yield* readCompactPairs(container, productCount, space);
    const pastSessions = yield* readCompactPastSessions(container, productCount, space);
    return { vectors, contextVectors, pairs, pastSessions };
  }
  yield container.endOf(...Object.keys(container.sections));
  const pairs = readPairs(container);
  const pastSessions = readPastSessions(container);
  const fault = faultInPairs(pairs, productCount) ?? faultInPastSessions(pastSessions, productCount);
  if (fault !== undefined) throw inconsistent(container, fault);
  return {
    vectors: finiteSectionOf(container, 'vectors', Float32Array),
    contextVectors: finiteSectionOf(container, 'contextVectors', Float32Array),
    pairs,
    pastSessions,
  };
}

/** A setting that this code does not know would have moved every score: the file is refused. */
function readSessionKnn(container: Container): SessionKnnSettings | undefined {
  const stored = container.meta['sessionKnn'];
  if (stored === undefined) return undefined;
  const settings = sessionKnnSettingsSchema.safeParse(stored);
  if (settings.success) return settings.data;
  throw inconsistent(container, `its settings of session-kNN are ${JSON.stringify(stored)}`);
}

function readReranker(container: Container): Reranker | undefined {
  if (!hasSection(container, 'reranker')) return undefined;
  const parameters = finiteSectionOf(container, 'reranker', Float32Array);
  const inputs = container.meta['rerankerInputs'];
  const width = Array.isArray(inputs) ? inputs.length + 2 : Number.NaN;
  const unitCount = parameters.length / width;
  if (!Array.isArray(inputs) || !Number.isInteger(unitCount)) {
    throw inconsistent(container, `the ${parameters.length} parameters of its reranker have no or other names`);
  }
  const units = Array.from({ length: unitCount }, (_, h) => [...parameters.subarray(h * width, (h + 1) * width)]);
  return rerankerByName({ inputs: inputs.map(String), units });
}

/** By their names: a feature without a weight counts for nothing, and a weight without a feature is refused. */
function readBlendWeights(container: Container): Float64Array {
  const weights = finiteSectionOf(container, 'blendWeights', Float64Array);
  const names = container.kindVersion === 1 ? FEATURES_OF_VERSION_1 : container.meta['blendFeatures'];
  if (!Array.isArray(names) || names.length !== weights.length) {
    throw inconsistent(container, `${weights.length} weights of the blend have no or other names`);
  }
  return weightsByName(names.map((name, f) => [String(name), weights[f]]));
}

/**
 * So that no later lookup runs out of an array: what a checksum cannot tell about a file written by faulty code.
 *
 * @returns what is wrong, or undefined.
 */
function faultIn(index: ServingIndex): string | undefined {
  const { productIds, dimensions, clusterOf, clusterOffsets, centroids, viewCounts, recentViews, trend } = index;
  const productCount = productIds.length;
  const embeddedCount = clusterOf.length;
  const clusterCount = clusterOffsets.length - 1;
  if (!(Number.isInteger(dimensions) && dimensions > 0)) return `it has ${dimensions} dimensions`;
  if (index.numberOf.size !== productCount) return 'a product id stands in it twice';
  if (viewCounts.length !== productCount) return `${viewCounts.length} view counts, ${productCount} products`;
  if (embeddedCount > productCount) return `${embeddedCount} clustered products of ${productCount}`;
  for (const name of ['vectors', 'contextVectors'] as const) {
    if (index[name].length !== embeddedCount * dimensions) return `${name} are not (${embeddedCount}, dimensions)`;
  }
  if (centroids.length !== clusterCount * dimensions) return `centroids are not (${clusterCount}, dimensions)`;
  const byCluster = allBelow(clusterOf, clusterCount) ? membersByCluster(clusterOf, clusterCount) : undefined;
  if (
    byCluster === undefined ||
    !sameNumbers(byCluster.clusterOffsets, clusterOffsets) ||
    !sameNumbers(byCluster.clusterMembers, index.clusterMembers)
  ) {
    return 'the clusters and their members contradict each other';
  }
  if (recentViews.length !== productCount) return `${recentViews.length} recent views`;
  const trendCount = trend?.length ?? productCount;
  return trendCount === productCount ? undefined : `${trendCount} products of the trend`;
}

/** A small catalogue keeps all, a large one what a Lambda loads in a second or two. */
function pairsPerProduct(productCount: number): number {
  const { least, most } = PAIRS_PER_PRODUCT;
  return Math.min(most, Math.max(least, Math.floor(MOST_PAIRS / productCount)));
}

function membersByCluster(clusterOf: Uint32Array, clusterCount: number) {
  const { offsets, items } = groupItems(clusterOf, clusterCount);
  return { clusterOffsets: offsets, clusterMembers: items };
}

function sameNumbers(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

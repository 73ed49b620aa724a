import { ProductNumbers } from '../artifacts/product-numbers.ts';
import { PRESETS } from '../artifacts/training-request.ts';
import type { AttributeModel } from '../attributes/attribute-model.ts';
import type { Corpus } from '../clicks/corpus.ts';
import { ArtifactError } from '../errors.ts';
import type { ClusteringModel } from '../k-means/cluster-model.ts';
import { groupItems } from '../numeric/grouping.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import { UNFITTED_BLEND_WEIGHTS } from './blend-weights.ts';
import { type BoughtTogether, countBoughtTogether } from './bought-together.ts';
import { roundScaledRows, roundShortFloats } from './compact-numbers.ts';
import { indexPastSessions, type PastSessions } from './past-sessions.ts';
import { countProductPairs, type ProductPairs } from './product-pairs.ts';
import type { Reranker } from './reranker.ts';
import type { SessionKnnSettings } from './session-knn-settings.ts';
import type { Strategy } from './strategy.ts';
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

/** A small catalogue keeps all, a large one what a Lambda loads in a second or two. */
function pairsPerProduct(productCount: number): number {
  const { least, most } = PAIRS_PER_PRODUCT;
  return Math.min(most, Math.max(least, Math.floor(MOST_PAIRS / productCount)));
}

/** Members ascending inside a cluster. */
export function membersByCluster(clusterOf: Uint32Array, clusterCount: number) {
  const { offsets, items } = groupItems(clusterOf, clusterCount);
  return { clusterOffsets: offsets, clusterMembers: items };
}

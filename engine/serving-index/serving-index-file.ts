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
import { attributeSections, readAttributeModel } from '../attributes/attribute-model.ts';
import { type ArraySpace, copyInto, OWN_SPACE } from '../numeric/array-space.ts';
import { KERNEL_SPACE } from '../numeric/kernel-space.ts';
import { BLEND_FEATURES, FEATURES_OF_VERSION_1, weightsByName } from './blend-weights.ts';
import { boughtSections, readBoughtTogether } from './bought-together.ts';
import {
  compactPairs,
  compactPastSessions,
  compactRows,
  readCompactPairs,
  readCompactPastSessions,
  readCompactRows,
} from './compact-sections.ts';
import { RERANKER_INPUTS, type Reranker, rerankerByName } from './reranker.ts';
import { membersByCluster, type ServingIndex } from './serving-index.ts';
import { faultInPairs, faultInPastSessions, readPairs, readPastSessions } from './serving-index-sections.ts';
import { type SessionKnnSettings, sessionKnnSettingsSchema } from './session-knn-settings.ts';
import { isStrategy, STRATEGIES } from './strategy.ts';

const KIND = 'serving-index';
/** 1: release 0.1.0, whose blend weights have no names. 2: release 0.2.0, whose sections are as wide as in memory. */
export const SERVING_INDEX_VERSION = 3;

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

function sameNumbers(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

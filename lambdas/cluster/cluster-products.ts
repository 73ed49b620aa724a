import type { ClusteringModel } from '../shared/cluster-model.ts';
import { InputError } from '../shared/errors.ts';
import type { StartThreads } from '../shared/numeric/kernel.ts';
import type { ProductVectors } from '../shared/product-vectors.ts';
import { type Random, seededRandom } from '../shared/random.ts';
import { fitKMeans, type KMeansFit, type KMeansSettings } from './k-means.ts';
import type { IterationListener } from './k-means-engine.ts';
import { sampleRows } from './sample-rows.ts';
import { silhouette } from './silhouette.ts';
import { selectRows, type Vectors } from './vectors.ts';

/** Vectors the silhouette is computed on at most: it compares all pairs. */
const SILHOUETTE_SAMPLE_SIZE = 4_000;

export interface ProductClusters {
  model: ClusteringModel;
  /** (productCount) cluster number of each product. */
  clusterOf: Uint32Array;
}

/** @throws InputError when there are no vectors, or one has a value that is not finite. */
export async function clusterProducts(
  products: ProductVectors,
  settings: KMeansSettings & { seed: number },
  startThreads: StartThreads,
  onIteration?: IterationListener,
): Promise<ProductClusters> {
  const vectors = vectorsOf(products);
  const random = seededRandom(settings.seed);
  const fit = await fitKMeans(vectors, settings, random, startThreads, onIteration);
  return {
    model: {
      k: settings.k,
      dimensions: vectors.dimensions,
      centroids: fit.centroids,
      sizes: Array.from(fit.sizes),
      inertia: fit.inertia,
      ...silhouetteOf(vectors, fit, random),
      iterations: fit.iterations,
      converged: fit.converged,
    },
    clusterOf: fit.clusterOf,
  };
}

function vectorsOf({ productIds, dimensions, vectors }: ProductVectors): Vectors {
  if (productIds.length === 0) {
    throw new InputError('There is no product vector to cluster: lower min_count, or give a larger clickstream.');
  }
  const broken = vectors.findIndex((value) => !Number.isFinite(value));
  if (broken !== -1) {
    throw new InputError(
      `The vector of product "${productIds[Math.floor(broken / dimensions)]}" holds ${vectors[broken]}, which cannot ` +
        'be clustered: Word2Vec diverged; lower alpha.',
    );
  }
  return { count: productIds.length, dimensions, values: vectors };
}

function silhouetteOf(vectors: Vectors, { clusterOf, sizes }: KMeansFit, random: Random) {
  const rows = sampleRows(vectors.count, SILHOUETTE_SAMPLE_SIZE, random);
  return {
    silhouette: silhouette(
      selectRows(vectors, rows),
      rows.map((row) => clusterOf[row]),
      sizes.length,
    ),
    silhouetteSampleSize: rows.length,
  };
}

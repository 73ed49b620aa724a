import { InputError } from '../errors.ts';
import type { StartThreads } from '../numeric/kernel.ts';
import { seededRandom } from '../numeric/random.ts';
import { selectRows, type Vectors } from '../numeric/vectors.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import { chooseK, type RatedFit } from './choose-k.ts';
import type { ProductClusters } from './cluster-model.ts';
import { fitKMeans, type KMeansSettings } from './k-means.ts';
import type { IterationListener } from './k-means-engine.ts';
import { sampleRows } from './sample-rows.ts';
import { silhouettesOf } from './silhouette.ts';

/** Vectors the silhouette is computed on at most: it compares all pairs. */
const SILHOUETTE_SAMPLE_SIZE = 4_000;

export type ClusterSettings = Omit<KMeansSettings, 'k'> & {
  /** `auto`: the number of clusters with the highest silhouette, see `chooseK`. */
  k: number | 'auto';
  seed: number;
};

/**
 * @param isRated whether the silhouette of a given `k` is wanted: it takes as long as the clusters. @default true
 * @throws InputError when there are no vectors, or one has a value that is not finite.
 */
export async function clusterProducts(
  products: ProductVectors,
  settings: ClusterSettings,
  startThreads: StartThreads,
  onIteration?: IterationListener,
  isRated = true,
): Promise<ProductClusters> {
  const vectors = vectorsOf(products);
  // The same rows for every k: their silhouettes can be compared.
  const sampleSize = isRated || settings.k === 'auto' ? SILHOUETTE_SAMPLE_SIZE : 0;
  const sample = sampleRows(vectors.count, sampleSize, seededRandom(settings.seed));
  const few = selectRows(vectors, sample);
  const silhouettes = silhouettesOf(few);
  const fitAndRate = async (k: number): Promise<RatedFit> => {
    const fit = await fitKMeans(vectors, { ...settings, k }, seededRandom(settings.seed), startThreads, onIteration);
    const clusters = sample.map((row) => fit.clusterOf[row]);
    return { fit, silhouette: silhouettes(clusters, fit.sizes.length) };
  };

  const { best, k, tried } =
    settings.k === 'auto'
      ? await chooseAndFit()
      : { best: await fitAndRate(settings.k), k: settings.k, tried: undefined };
  const { fit } = best;
  return {
    model: {
      k,
      dimensions: vectors.dimensions,
      centroids: fit.centroids,
      sizes: Array.from(fit.sizes),
      inertia: fit.inertia,
      silhouette: best.silhouette,
      silhouetteSampleSize: sample.length,
      iterations: fit.iterations,
      converged: fit.converged,
      ...(tried !== undefined && { triedK: tried }),
    },
    clusterOf: fit.clusterOf,
  };

  /** Of a large catalogue the number is chosen on the sample alone: fits of all vectors would take half a minute. */
  async function chooseAndFit() {
    if (sample.length === vectors.count) return chooseK(vectors.count, fitAndRate);
    const { k, tried } = await chooseK(vectors.count, async (count) => {
      const fit = await fitKMeans(few, { ...settings, k: count }, seededRandom(settings.seed), startThreads);
      return { fit, silhouette: silhouettes(fit.clusterOf, fit.sizes.length) };
    });
    return { best: await fitAndRate(k), k, tried };
  }
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

import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { encodeClusterAssignments } from '../../engine/k-means/cluster-model.ts';
import { clusterProducts } from '../../engine/k-means/cluster-products.ts';
import { decodeProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { drawKSelection } from './k-selection-chart.ts';
import { encodeProductClusters } from './product-clusters.ts';
import { drawProductsPerCluster } from './products-per-cluster-chart.ts';
import { drawVectorsByCluster } from './vectors-by-cluster-chart.ts';

export const handler = stageHandler('cluster', async ({ runId, store, artifact, settings, progress }) => {
  const products = decodeProductVectors(await artifact('vectors'));

  const clusters = await clusterProducts(products, settings, startKernelThreads, (done) =>
    progress({ done, total: settings.max_iter, unit: 'iterations' }),
  );
  const { model, clusterOf } = clusters;

  const artifacts: ArtifactName[] = [
    'clustering_model',
    'cluster_assignments',
    'products_per_cluster',
    'vectors_by_cluster',
    'final_product_clusters',
  ];
  if (model.triedK !== undefined) {
    const isSampled = model.silhouetteSampleSize < clusterOf.length;
    const chart = drawKSelection(model.triedK, model.k, isSampled ? model.silhouetteSampleSize : undefined);
    await store.put(artifactKey(runId, 'k_selection'), chart);
    artifacts.push('k_selection');
  }
  await Promise.all([
    putJson(store, artifactKey(runId, 'clustering_model'), model),
    store.put(artifactKey(runId, 'cluster_assignments'), encodeClusterAssignments(clusterOf)),
    store.put(artifactKey(runId, 'products_per_cluster'), drawProductsPerCluster(model)),
    store.put(artifactKey(runId, 'vectors_by_cluster'), drawVectorsByCluster(products, clusters, settings.seed)),
    store.put(
      artifactKey(runId, 'final_product_clusters'),
      encodeProductClusters(products.productIds, clusterOf, model.sizes.length),
    ),
  ]);
  return {
    artifacts,
    counts: {
      products: products.productIds.length,
      clusters: model.sizes.length,
      iterations: model.iterations,
      inertia: model.inertia,
      ...(model.silhouette !== null && { silhouette: model.silhouette }),
    },
    details: { notes: notesOf(settings.k, model.sizes.length, products.productIds.length) },
  };
});

/** What becomes of a number of clusters that was asked for. */
function notesOf(asked: number | 'auto', clusters: number, products: number): string[] {
  if (asked === 'auto' || clusters >= asked) return [];
  const why =
    clusters === products
      ? `there are only ${products} products`
      : `the products have only ${clusters} different vectors`;
  return [`k was lowered from ${asked} to ${clusters}: ${why}.`];
}

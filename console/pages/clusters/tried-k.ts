import type { ClusteringModel } from '../../../engine/k-means/cluster-model.ts';
import { request } from '../../api/request.ts';

/**
 * @returns the chosen k and what it was chosen from, with the products it was tried on where these are not all; nothing
 * tried where k was given, or the artifact cannot be read here.
 */
export async function readTriedK(
  runId: string,
  signal: AbortSignal,
): Promise<{ k: number; tried: NonNullable<ClusteringModel['triedK']>; sampleSize: number | undefined }> {
  const key = `runs/${runId}/clustering_model/clustering_model.json`;
  const { k, triedK, sizes, silhouetteSampleSize } = await request<ClusteringModel>(
    `/console/artifacts/${encodeURIComponent(key)}`,
    { signal },
  );
  const products = sizes.reduce((sum, size) => sum + size, 0);
  return { k, tried: triedK ?? [], sampleSize: silhouetteSampleSize < products ? silhouetteSampleSize : undefined };
}

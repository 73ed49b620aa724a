import type { ClusteringModel } from '../../../engine/k-means/cluster-model.ts';
import { request } from '../../api/request.ts';

export interface TriedK {
  k: number;
  /** What it was chosen from; empty where it was given. */
  tried: NonNullable<ClusteringModel['triedK']>;
  /** The products it was tried on, where these are not all. */
  sampleSize: number | undefined;
}

/** @throws ApiProblem where the artifact cannot be read. */
export async function readTriedK(runId: string, signal: AbortSignal): Promise<TriedK> {
  const key = `runs/${runId}/clustering_model/clustering_model.json`;
  const { k, triedK, sizes, silhouetteSampleSize } = await request<ClusteringModel>(
    `/console/artifacts/${encodeURIComponent(key)}`,
    { signal },
  );
  const products = sizes.reduce((sum, size) => sum + size, 0);
  return { k, tried: triedK ?? [], sampleSize: silhouetteSampleSize < products ? silhouetteSampleSize : undefined };
}

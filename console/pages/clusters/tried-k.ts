import type { ClusteringModel } from '../../../engine/k-means/cluster-model.ts';
import { request } from '../../api/request.ts';

/** @returns the chosen k and what it was chosen from; nothing tried where k was given, or the artifact cannot be read here. */
export async function readTriedK(
  runId: string,
  signal: AbortSignal,
): Promise<{ k: number; tried: NonNullable<ClusteringModel['triedK']> }> {
  const key = `runs/${runId}/clustering_model/clustering_model.json`;
  const { k, triedK } = await request<Pick<ClusteringModel, 'k' | 'triedK'>>(
    `/console/artifacts/${encodeURIComponent(key)}`,
    {
      signal,
    },
  );
  return { k, tried: triedK ?? [] };
}

import type { apiOf } from '../../api/client.ts';

export interface ProductMap {
  productIds: string[];
  x: number[];
  y: number[];
  clusterNos: number[];
  views: number[];
  explainedVariance: number[];
  numberOf: ReadonlyMap<string, number>;
}

/** All pages, one after the other. @param onProgress is told how much has come, 0…1. */
export async function loadMap(
  api: ReturnType<typeof apiOf>,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<ProductMap> {
  const all: Omit<ProductMap, 'numberOf'> = {
    productIds: [],
    x: [],
    y: [],
    clusterNos: [],
    views: [],
    explainedVariance: [],
  };
  let cursor: string | undefined;
  do {
    const page = await api.map({ cursor }, signal);
    for (const name of ['x', 'y', 'clusterNos', 'views'] as const) for (const n of page[name]) all[name].push(n);
    for (const id of page.productIds) all.productIds.push(id);
    all.explainedVariance = page.explainedVariance;
    cursor = page.nextCursor ?? undefined;
    onProgress(all.x.length / Math.max(1, page.pointCount));
  } while (cursor !== undefined);
  return { ...all, numberOf: new Map(all.productIds.map((id, i) => [id, i])) };
}

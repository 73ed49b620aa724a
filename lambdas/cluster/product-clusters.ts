import { writeParquet } from '../../engine/artifacts/parquet.ts';

/** `final_product_clusters`: one row a cluster, ascending; every product once, most viewed first inside a cluster. */
export function encodeProductClusters(
  productIds: readonly string[],
  clusterOf: Uint32Array,
  clusterCount: number,
): Uint8Array {
  const members = Array.from({ length: clusterCount }, (): string[] => []);
  productIds.forEach((id, product) => {
    members[clusterOf[product]].push(id);
  });
  return writeParquet([
    { name: 'Cluster_No', type: 'INT32', values: members.map((_, cluster) => cluster) },
    { name: 'Cluster_Member_List', type: 'STRING_LIST', values: members },
  ]);
}

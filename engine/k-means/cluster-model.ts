import * as z from 'zod';
import { decodeContainer, encodeContainer, sectionOf } from '../artifacts/binary-container.ts';

/** A fitted model and what it says of the products that it was fitted on. */
export interface ProductClusters {
  model: ClusteringModel;
  /** (productCount) cluster number of each product that has a vector, in the vectors' order. */
  clusterOf: Uint32Array;
}

const KIND = 'cluster-assignments';
const VERSION = 1;

/** `cluster_assignments.bin`: with it, the published clusters are those that K-Means found, whatever is rounded where. */
export function encodeClusterAssignments(clusterOf: Uint32Array): Uint8Array {
  return encodeContainer({ kind: KIND, kindVersion: VERSION, meta: {}, sections: { clusterOf } });
}

/** @throws ArtifactError when the file is torn or newer than this code. */
export function decodeClusterAssignments(file: Uint8Array): Uint32Array {
  return sectionOf(decodeContainer(file, KIND, VERSION), 'clusterOf', Uint32Array);
}

/** A number of clusters that was tried, and what the fit came to: of a large catalogue that of a sample. */
const triedKSchema = z.object({ k: z.number(), inertia: z.number(), silhouette: z.number().nullable() });
export type TriedK = z.infer<typeof triedKSchema>;

/** What `clustering_model.json` holds: a K-Means model and what was logged while it was fitted. */
export const clusteringModelSchema = z.object({
  /** Number of clusters asked for, or chosen. `centroids` are fewer when there are fewer different vectors. */
  k: z.int().min(1),
  dimensions: z.int().min(1),
  /** (clusters, dimensions). Cluster numbers count from 0 in this order. */
  centroids: z.array(z.array(z.number())),
  /** (clusters) products in each; never 0. */
  sizes: z.array(z.int().min(1)),
  /** Sum of squared Euclidean distances of the vectors to their centroid. */
  inertia: z.number(),
  /** Mean silhouette coefficient (Rousseeuw 1987), −1…1; null with fewer than 2 clusters. */
  silhouette: z.number().nullable(),
  /** How many vectors the silhouette was computed on (all, or a seeded sample of a large catalogue). */
  silhouetteSampleSize: z.number(),
  iterations: z.number(),
  converged: z.boolean(),
  /** What `k: "auto"` chose from, on the `silhouetteSampleSize` vectors alone, ascending; absent when k was given. */
  triedK: z.array(triedKSchema).optional(),
});
export type ClusteringModel = z.infer<typeof clusteringModelSchema>;

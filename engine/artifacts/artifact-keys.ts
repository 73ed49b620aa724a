/** Where each artifact of a run stands in the store. The dataset and model names are the seed's and are a contract. */
const ARTIFACT_FILES = {
  request: 'request.json',
  raw_session_based_clickstream_data: 'raw_session_based_clickstream_data/raw_session_based_clickstream_data.parquet',
  rejected_rows: 'rejected_rows/rejected_rows.parquet',
  /** Only of a run that left files out which cannot be read. */
  quarantine: 'quarantine.json',
  /** The clickstream as numbers, for the next stage. */
  views: 'views/views.bin',
  sequential_products: 'sequential_products/sequential_products.parquet',
  corpus: 'corpus/corpus.bin',
  experiment_plan: 'experiments/plan.json',
  /** What the catalogue said of the products; only of a run that had one. */
  product_attributes: 'product_attributes/attributes.bin',
  /** One a candidate: see `trialKey`. */
  trials: 'experiments/candidate-*.json',
  evaluation: 'experiments/evaluation.json',
  /** Only of a run that was measured. */
  reference_sessions: 'experiments/reference_sessions.json',
  product_ids_and_vectors: 'product_ids_and_vectors/product_ids_and_vectors.parquet',
  vectors: 'vectors/vectors.bin',
  clustering_model: 'clustering_model/clustering_model.json',
  cluster_assignments: 'clustering_model/cluster_assignments.bin',
  products_per_cluster: 'clustering_model/products_per_cluster.svg',
  vectors_by_cluster: 'clustering_model/vectors_by_cluster.svg',
  /** Only with `k: "auto"`. */
  k_selection: 'clustering_model/k_selection.svg',
  final_product_clusters: 'final_product_clusters/final_product_clusters.parquet',
  serving: 'serving/index.bin',
  report: 'report.json',
  /** Absent in runs of release 0.2.0 and older. */
  data_profile: 'data_profile.json',
  manifest: 'manifest.json',
  failure: 'failure.json',
  /** Only of a run that ended before training, since nothing was new. */
  unchanged: 'unchanged.json',
} as const;

export type ArtifactName = keyof typeof ARTIFACT_FILES;

export const RUNS_PREFIX = 'runs/';
export const CURRENT_KEY = 'current.json';
/** A mark for each file that a run left out, so that it is told once and not with every run. */
export const QUARANTINE_PREFIX = 'quarantine/';

export function artifactKey(runId: string, name: ArtifactName): string {
  return `${RUNS_PREFIX}${runId}/${ARTIFACT_FILES[name]}`;
}

/** @param key of any object of a run. @returns the run's id. */
export function runOfKey(key: string): string {
  return key.slice(RUNS_PREFIX.length).split('/', 1)[0];
}

/**
 * Which artifact a key is of, and of which item where the stage that writes it runs over items.
 *
 * @returns undefined for what is no artifact of a run.
 */
export function artifactOfKey(key: string): { name: ArtifactName; item?: string } | undefined {
  const runId = runOfKey(key);
  const item = /\/experiments\/(candidate-[^/]+)\.json$/.exec(key)?.[1];
  if (item !== undefined && key === trialKey(runId, item)) return { name: 'trials', item };
  const name = (Object.keys(ARTIFACT_FILES) as ArtifactName[]).find((known) => key === artifactKey(runId, known));
  return name === undefined ? undefined : { name };
}

/** @param candidate its id, `candidate-1` and so on. */
export function trialKey(runId: string, candidate: string): string {
  return `${RUNS_PREFIX}${runId}/experiments/${candidate}.json`;
}

/** The record a finished stage leaves (one an item, where it runs over items), so that a stage that is run again finds its work done. */
export function stageRecordKey(runId: string, stage: string, item?: string): string {
  return `${RUNS_PREFIX}${runId}/stages/${item === undefined ? stage : `${stage}-${item}`}.json`;
}

/** @returns the stage whose record stands at the key, with `-` and the item where there is one; undefined for another key. */
export function stageOfKey(key: string): string | undefined {
  return /^runs\/[^/]+\/stages\/([^/]+)\.json$/.exec(key)?.[1];
}

import type { ArtifactName } from '../engine/artifacts/artifact-keys.ts';

/**
 * The stage table: the one place that says which stages there are, in which order, what each reads and writes, and
 * what it may use. `infra/` makes Lambdas, permissions and the state machine from it; the local run takes its
 * handlers and its progress display from it.
 */
export interface Stage {
  name: StageName;
  /** One sentence for the operator's eyes: state machine comment, progress display. */
  purpose: string;
  reads: readonly (ArtifactName | 'raw' | 'current' | 'current-catalogue' | 'catalogue')[];
  /** `marks`: files that were left out, see `lambdas/ingest/quarantine.ts`. */
  writes: readonly (ArtifactName | 'current' | 'marks')[];
  /** Lambda gives one vCPU per 1,769 MB. */
  memoryMb: number;
  /** Of one attempt; 900 is Lambda's limit. */
  timeoutSeconds: number;
  /** /tmp of the Lambda. */
  ephemeralStorageMb: number;
  /** Needs DuckDB's native library for Lambda's OS and CPU. */
  usesDuckDb: boolean;
  /** Runs once for each item that this earlier stage returned, in parallel. */
  forEachItemOf?: StageName;
}

export type StageName = 'ingest' | 'sequence' | 'plan' | 'backtest' | 'evaluate' | 'embed' | 'cluster' | 'publish';

/** Where each stage's Catch leads: not a stage, and named like one. */
export const REPORT_FAILURE = 'report-failure';

/** A run that found nothing new ends here, before training: it is neither a stage nor a failure. */
export const UNCHANGED = 'unchanged';

export const PIPELINE: readonly Stage[] = [
  {
    name: 'ingest',
    purpose: "Reads the shop's clickstream, keeps every row as Parquet, and explains each row it refuses",
    reads: ['raw', 'current', 'manifest', 'serving', 'current-catalogue'],
    writes: ['raw_session_based_clickstream_data', 'rejected_rows', 'quarantine', 'marks', 'views', 'unchanged'],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 10_240,
    usesDuckDb: true,
  },
  {
    name: 'sequence',
    purpose: 'Puts the views of each session in order and collapses immediate repeats',
    reads: ['views'],
    writes: ['sequential_products', 'corpus'],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 10_240,
    usesDuckDb: false,
  },
  {
    name: 'plan',
    purpose: 'Decides which sessions train, choose and are reported, and which settings are worth trying',
    reads: ['corpus', 'current-catalogue', 'catalogue'],
    writes: ['experiment_plan', 'product_attributes'],
    memoryMb: 1_769,
    timeoutSeconds: 120,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
  {
    name: 'backtest',
    purpose: 'Trains one candidate on the earlier sessions and scores it on later ones',
    forEachItemOf: 'plan',
    reads: ['corpus', 'experiment_plan'],
    writes: ['trials'],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
  {
    name: 'evaluate',
    purpose: 'Chooses the best candidate and measures it against the baselines and the live model on held-out sessions',
    reads: [
      'corpus',
      'experiment_plan',
      'product_attributes',
      'trials',
      'current',
      'serving',
      'manifest',
      'report',
      'reference_sessions',
    ],
    writes: ['evaluation', 'reference_sessions'],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
  {
    name: 'embed',
    purpose: 'Learns a vector for each product with Word2Vec',
    reads: ['corpus', 'product_attributes', 'evaluation'],
    writes: ['product_ids_and_vectors', 'vectors'],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
  {
    name: 'cluster',
    purpose: 'Groups the products by their vectors with K-Means and draws the plots',
    reads: ['vectors'],
    writes: [
      'clustering_model',
      'cluster_assignments',
      'products_per_cluster',
      'vectors_by_cluster',
      'k_selection',
      'final_product_clusters',
    ],
    memoryMb: 3_538,
    timeoutSeconds: 900,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
  {
    name: 'publish',
    purpose: 'Writes the serving index and the report, and makes the run live if it is good enough',
    reads: [
      'corpus',
      'product_attributes',
      'vectors',
      'clustering_model',
      'cluster_assignments',
      'evaluation',
      'serving',
      'manifest',
      'report',
    ],
    writes: ['serving', 'data_profile', 'report', 'manifest', 'current'],
    memoryMb: 3_538,
    timeoutSeconds: 300,
    ephemeralStorageMb: 512,
    usesDuckDb: false,
  },
];

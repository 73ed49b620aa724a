import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';
import { buildServingIndex } from '../../engine/serving-index/serving-index.ts';
import { encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { type ArtifactStore, putJson } from '../../lambdas/shared/store/artifact-store.ts';
import { clustersOf } from '../engine/ranking/example-index.ts';

export const PUBLISHED_AT = '2026-11-23T10:00:00.000Z';

/** Ids that break careless URL handling. They have no vector, so they come last and in no cluster. */
export const ODD_PRODUCT_IDS = [
  'a/b',
  'a%2Fb',
  '50% off',
  'what?',
  '#1',
  'two words',
  '+plus&and=',
  'Schuhgröße 42½',
  '👟',
  '../../etc/passwd',
  '__proto__',
  '"quoted"\n',
  'x'.repeat(10_000),
  '%',
  '%%41',
];

/**
 * Eight products in two clusters, on the rays (1, i) and (−1, −i): P0…P3 in cluster 0, P4…P7 in cluster 1.
 * By cosine, the neighbours of P0 = (1, 0) are P1 = (1, 1), P2 = (1, 2), P3 = (1, 3) in this order.
 */
function sampleIndex() {
  const embedded = Array.from({ length: 8 }, (_, i) => `P${i}`);
  const productIds = [...embedded, ...ODD_PRODUCT_IDS];
  const vectors = Float32Array.from(embedded.flatMap((_, i) => (i < 4 ? [1, i] : [-1, 4 - i])));
  return buildServingIndex(
    {
      productIds,
      viewCounts: Uint32Array.from(productIds, (_, i) => 100 - i),
      sessionIds: [],
      startTimesMs: undefined,
      offsets: Uint32Array.of(0),
      views: new Uint32Array(0),
    },
    { productIds: embedded, dimensions: 2, vectors, contextVectors: vectors },
    clustersOf(
      [0, 0, 0, 0, 1, 1, 1, 1],
      [
        [1, 1.5],
        [-1, -1.5],
      ],
    ),
    'embedding',
  );
}

export const SAMPLE_INDEX_FILE = encodeServingIndex(sampleIndex());

/** Writes a run and makes it live. */
export async function publish(
  store: ArtifactStore,
  runId: string,
  options: { index?: Uint8Array; previous?: string } = {},
) {
  await store.put(artifactKey(runId, 'serving'), options.index ?? SAMPLE_INDEX_FILE);
  await putJson(store, artifactKey(runId, 'manifest'), { runId, seed: 1 });
  const pointer: CurrentPointer = { runId, publishedAt: PUBLISHED_AT, previous: options.previous ?? null };
  await putJson(store, CURRENT_KEY, pointer);
}

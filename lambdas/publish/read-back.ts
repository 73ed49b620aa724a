import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { rank } from '../../engine/ranking/rank.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { STRATEGIES, type Strategy } from '../../engine/serving-index/strategy.ts';
import { readRunIndex } from '../shared/runs/run-index.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';

/** Products that are asked about: the most viewed ones, which have vectors, and the least viewed ones, which may not. */
const ASKED_AT_EACH_END = 5;

/**
 * Reads the written index as `recommend` will, and asks it: what cannot be read or answers otherwise than what was to be
 * written never goes live.
 *
 * @throws ArtifactError that says what is wrong.
 */
export async function refuseUnlessServed(store: ArtifactStore, runId: string, intended: ServingIndex): Promise<void> {
  const written = await readRunIndex(store, runId);
  const fault = written === undefined ? 'it is gone' : faultIn(written, intended);
  if (fault === undefined) return;
  throw new ArtifactError(
    `${artifactKey(runId, 'serving')} in ${store.uri} cannot be served (${fault}): the run does not go live, and what is live stays. Train again; should it happen twice, report it as a bug with this message.`,
  );
}

function faultIn(written: ServingIndex, intended: ServingIndex): string | undefined {
  const { productIds } = intended;
  if (written.productIds.length !== productIds.length) return `it has ${written.productIds.length} products`;
  const other = productIds.findIndex((id, product) => id !== written.productIds[product]);
  if (other !== -1) {
    return `product ${other} is ${JSON.stringify(written.productIds[other])} instead of ${JSON.stringify(productIds[other])}`;
  }
  for (const strategy of STRATEGIES) {
    for (const product of [...productIds.keys()].filter((number) => isAsked(number, productIds.length))) {
      if (answerOf(written, strategy, product) === answerOf(intended, strategy, product)) continue;
      return `${strategy} answers otherwise for product ${JSON.stringify(productIds[product])}`;
    }
  }
  return undefined;
}

function isAsked(product: number, productCount: number): boolean {
  return product < ASKED_AT_EACH_END || product >= productCount - ASKED_AT_EACH_END;
}

function answerOf(index: ServingIndex, strategy: Strategy, product: number): string {
  const request = { viewed: [product], count: 5, strategy, excluded: new Set<number>(), excludeViewed: true };
  return JSON.stringify(rank(index, { ...request, random: seededRandom(1) }));
}

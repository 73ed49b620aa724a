import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import { readRunIndex } from '../../lambdas/shared/runs/run-index.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';

/** A feed that lists fewer of the model's products probably has other ids. */
const EXPECTED_SHARE = 0.5;

/** @returns a sentence when the catalogue lists few of the live model's products, which no feed alone can show. */
export async function noteOfUnknownProducts(store: ArtifactStore, version: string): Promise<string | undefined> {
  try {
    const current = await readCurrent(store);
    const index = current === undefined ? undefined : await readRunIndex(store, current.pointer.runId);
    if (index === undefined) return undefined;
    const file = await store.get(catalogueKey(version, 'catalogue'));
    if (file === undefined) return undefined;
    const { productIds, rowOf } = decodeCatalogue(file.bytes, version);
    const listed = index.productIds.filter((id) => rowOf.has(id)).length;
    if (listed >= EXPECTED_SHARE * index.productIds.length) return undefined;
    return (
      `Only ${listed} of the ${index.productIds.length} products that were viewed are in the feed. Are the ids the same as in the clicks? ` +
      `The feed has ${examples(productIds)}, the clicks have ${examples(index.productIds)}.`
    );
  } catch (error) {
    // The model's own troubles are told elsewhere.
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

function examples(ids: readonly string[]): string {
  return ids
    .slice(0, 3)
    .map((id) => JSON.stringify(id))
    .join(', ');
}

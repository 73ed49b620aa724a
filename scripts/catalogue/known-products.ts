import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { quoted } from '../../engine/catalogue/feed-fields.ts';
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
    const viewed = new Set(index.productIds);
    const lacking = index.productIds.filter((id) => !rowOf.has(id));
    const listed = viewed.size - lacking.length;
    if (listed >= EXPECTED_SHARE * viewed.size) return undefined;
    const others = productIds.filter((id) => !viewed.has(id));
    const few = `Only ${listed} of the ${viewed.size} products that were viewed are in the catalogue`;
    return others.length === 0
      ? `${few}. It lacks ${examples(lacking)}: does the feed have all products?`
      : `${few}. Are the ids the same as in the clicks? Of the others, the catalogue has ${examples(others)}, and the clicks have ${examples(lacking)}.`;
  } catch (error) {
    // The model's own troubles are told elsewhere.
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

function examples(ids: readonly string[]): string {
  return ids.slice(0, 3).map(quoted).join(', ');
}

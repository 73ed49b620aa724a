import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';

/** What stands in a store, read apart from the product's schemas. */
export async function getJson<T>(store: ArtifactStore, key: string): Promise<T | undefined> {
  const object = await store.get(key);
  return object === undefined ? undefined : (JSON.parse(Buffer.from(object.bytes).toString('utf8')) as T);
}

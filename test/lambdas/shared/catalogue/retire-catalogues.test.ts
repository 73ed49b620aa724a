import { beforeEach, expect, test } from 'vitest';
import {
  CATALOGUE_CURRENT_KEY,
  CATALOGUE_VERSIONS_PREFIX,
  catalogueKey,
} from '../../../../engine/catalogue/catalogue-keys.ts';
import { promoteCatalogue, readCataloguePointer } from '../../../../lambdas/shared/catalogue/current-catalogue.ts';
import { retireCatalogues } from '../../../../lambdas/shared/catalogue/retire-catalogues.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';

const versionOf = (n: number) => `20261126T${100_000 + n}`;
let store: MemoryArtifactStore;
const kept = async () => (await store.list(CATALOGUE_VERSIONS_PREFIX)).map(({ key }) => key);
const keys = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => catalogueKey(versionOf(first + i), 'catalogue'));

beforeEach(async () => {
  store = new MemoryArtifactStore();
  for (let n = 1; n <= 12; n++) await publishCatalogue(store, SAMPLE_FEED, versionOf(n));
});

test('the ten newest stay', async () => {
  await retireCatalogues(store, (await readCataloguePointer(store))!);
  expect(await kept()).toEqual(keys(3, 12));
});

test('an old catalogue that a person promotes meanwhile stays, and so do the others until the next feed', async () => {
  const pointer = (await readCataloguePointer(store))!;
  store.beforeRead = async (key) => {
    if (key !== CATALOGUE_CURRENT_KEY) return;
    store.beforeRead = () => {};
    await promoteCatalogue(store, versionOf(1), '2026-11-26T11:00:00.000Z');
  };
  await retireCatalogues(store, pointer);
  expect((await readCataloguePointer(store))?.version).toBe(versionOf(1));
  expect(await kept()).toEqual(keys(1, 12));

  await publishCatalogue(store, SAMPLE_FEED, versionOf(13));
  await retireCatalogues(store, (await readCataloguePointer(store))!);
  expect(await kept()).toEqual([...keys(1, 1), ...keys(4, 13)]);
});

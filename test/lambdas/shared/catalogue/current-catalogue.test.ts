import { beforeEach, describe, expect, test } from 'vitest';
import {
  promoteCatalogue,
  readCataloguePointer,
  rollBackCatalogue,
} from '../../../../lambdas/shared/catalogue/current-catalogue.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';

const NOW = '2026-11-26T11:00:00.000Z';
let store: MemoryArtifactStore;
const live = async () => (await readCataloguePointer(store))?.version;

beforeEach(async () => {
  store = new MemoryArtifactStore();
  await publishCatalogue(store, SAMPLE_FEED, 'c1');
  await publishCatalogue(store, SAMPLE_FEED, 'c2');
});

/** Runs between the first read and the second. */
function betweenReads(act: () => Promise<unknown>) {
  store.beforeRead = () => {
    store.beforeRead = async () => {
      store.beforeRead = () => {};
      await act();
    };
  };
}

describe('rolling back', () => {
  test('returns to the catalogue before, and from there back again', async () => {
    expect(await rollBackCatalogue(store, NOW)).toBe('c1');
    expect(await readCataloguePointer(store)).toEqual({ version: 'c1', publishedAt: NOW, previous: 'c2' });
    expect(await rollBackCatalogue(store, NOW)).toBe('c2');
  });

  test('loses against a feed that went live since it was decided', async () => {
    betweenReads(() => publishCatalogue(store, SAMPLE_FEED, 'c3'));
    await expect(rollBackCatalogue(store, NOW)).rejects.toMatchObject({ name: 'ConflictError' });
    expect(await live()).toBe('c3');
  });
});

describe('promoting', () => {
  test('loses against a feed that went live meanwhile', async () => {
    betweenReads(() => publishCatalogue(store, SAMPLE_FEED, 'c3'));
    await expect(promoteCatalogue(store, 'c1', NOW)).rejects.toMatchObject({ name: 'ConflictError' });
    expect(await live()).toBe('c3');
  });
});

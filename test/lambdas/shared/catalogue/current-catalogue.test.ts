import { beforeEach, describe, expect, test } from 'vitest';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../../../engine/catalogue/catalogue-keys.ts';
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

/** Runs once the pointer was moved. */
function afterMove(act: () => Promise<unknown>) {
  const put = store.put.bind(store);
  store.put = async (key, ...rest) => {
    const version = await put(key, ...rest);
    if (key === CATALOGUE_CURRENT_KEY) {
      store.put = put;
      await act();
    }
    return version;
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

  test('moves back when a feed retires that catalogue meanwhile', async () => {
    await publishCatalogue(store, SAMPLE_FEED, 'c3');
    const before = await readCataloguePointer(store);
    afterMove(() => store.delete(catalogueKey('c1', 'catalogue')));
    await expect(promoteCatalogue(store, 'c1', NOW)).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(await readCataloguePointer(store)).toEqual(before);
  });

  test('does not move back what somebody else moved on', async () => {
    afterMove(async () => {
      await store.delete(catalogueKey('c1', 'catalogue'));
      await publishCatalogue(store, SAMPLE_FEED, 'c3');
    });
    await expect(promoteCatalogue(store, 'c1', NOW)).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(await live()).toBe('c3');
  });
});

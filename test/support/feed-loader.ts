import { writeFile } from 'node:fs/promises';
import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { type FeedSource, type LoadOptions, loadFeed } from '../../lambdas/catalogue/load-feed.ts';
import { readCataloguePointer } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { MemoryArtifactStore } from './memory-artifact-store.ts';

export interface FeedUpload {
  name: string;
  body: string | Uint8Array;
  kind?: 'full' | 'delta';
  /** Minute of the upload; left out, it follows the one before. */
  at?: number;
}

/** Loads feeds one after another into a store of their own. */
export class FeedLoader {
  readonly store = new MemoryArtifactStore();
  #versions = 0;

  readonly load = (
    { name, body, kind = 'full', at = this.#versions }: FeedUpload,
    options: Partial<LoadOptions> = {},
  ): Promise<FeedRecord | undefined> => {
    const source: FeedSource = {
      name,
      id: name,
      uploadedAt: `2026-11-26T10:${String(at).padStart(2, '0')}:00.000Z`,
      sizeBytes: body.length,
      download: (path) => writeFile(path, body),
    };
    const newVersion = () => `20261126T${String(100_000 + ++this.#versions)}`;
    const context = { store: this.store, now: () => '2026-11-26T11:00:00.000Z', newVersion };
    return loadFeed(context, source, { kind, ...options });
  };

  readonly live = async (): Promise<Catalogue> => {
    const { version } = (await readCataloguePointer(this.store))!;
    return decodeCatalogue((await this.store.get(catalogueKey(version, 'catalogue')))!.bytes, version);
  };
}

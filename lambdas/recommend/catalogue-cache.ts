import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { decodeWholeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { CATALOGUE_CURRENT_KEY, type CataloguePointer, catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { type JoinedCatalogue, joinCatalogue } from '../../engine/catalogue/join.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { readCataloguePointer } from '../shared/catalogue/current-catalogue.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { suggestWithoutStore } from '../shared/store/suggested-command.ts';
import { CHECK_INTERVAL_MS, type LiveModel } from './model-cache.ts';
import { PeriodicCheck } from './periodic-check.ts';

export interface CatalogueCacheOptions {
  store: ArtifactStore;
  nowMs(): number;
  /** @default CHECK_INTERVAL_MS */
  checkIntervalMs?: number;
  /** Settles when a request has waited long enough for a newer catalogue: see `LOAD_PATIENCE_MS`. */
  patience(): Promise<unknown>;
  /** A published catalogue could not be loaded: time to alarm. */
  onFailure(error: unknown): void;
}

/**
 * The catalogue that answers, beside the model. It is replaced only by one that is wholly read and decoded; while a newer
 * one is missing, torn or of a newer format, the old one keeps answering, or the previous one where an instance starts in
 * such a moment. Nothing that happens here fails a request.
 */
export class CatalogueCache {
  readonly #options: CatalogueCacheOptions;
  readonly #check: PeriodicCheck;
  #catalogue: Catalogue | undefined;
  #joined: { index: LiveModel['index']; catalogue: Catalogue; result: JoinedCatalogue } | undefined;
  #hasLooked = false;

  constructor(options: CatalogueCacheOptions) {
    this.#options = options;
    this.#check = new PeriodicCheck(options.nowMs);
  }

  /**
   * @param model whose products the rows begin with. @returns the same object for the same model and catalogue; undefined
   * while there is no catalogue.
   */
  async current({ index }: Pick<LiveModel, 'index'>): Promise<JoinedCatalogue | undefined> {
    const { checkIntervalMs = CHECK_INTERVAL_MS } = this.#options;
    const check = this.#check.ifDue(checkIntervalMs, (isWanted) => this.#refresh(isWanted));
    if (check !== undefined) await (this.#hasLooked ? Promise.race([check, this.#options.patience()]) : check);
    const catalogue = this.#catalogue;
    if (catalogue === undefined) return undefined;
    if (this.#joined?.index !== index || this.#joined.catalogue !== catalogue) {
      this.#joined = { index, catalogue, result: joinCatalogue(catalogue, index.productIds) };
    }
    return this.#joined.result;
  }

  /** Never rejects. */
  async #refresh(isWanted: () => boolean): Promise<void> {
    let pointer: CataloguePointer | undefined;
    try {
      pointer = await readCataloguePointer(this.#options.store);
      if (pointer === undefined && this.#catalogue !== undefined) {
        throw new ArtifactError(
          `${CATALOGUE_CURRENT_KEY} is gone from ${this.#options.store.uri}: load a feed again (${suggestWithoutStore(this.#options.store, 'catalogue -- FEED')}).`,
        );
      }
      if (pointer !== undefined && pointer.version !== this.#catalogue?.version) {
        const catalogue = await this.#load(pointer.version);
        if (isWanted()) this.#catalogue = catalogue;
      }
    } catch (error) {
      if (!isWanted()) return;
      this.#options.onFailure(error);
      if (this.#catalogue === undefined && pointer?.previous != null)
        await this.#fallBackTo(pointer.previous, isWanted);
    } finally {
      this.#hasLooked = true;
    }
  }

  async #fallBackTo(version: string, isWanted: () => boolean): Promise<void> {
    try {
      const catalogue = await this.#load(version);
      if (isWanted()) this.#catalogue = catalogue;
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #load(version: string): Promise<Catalogue> {
    const key = catalogueKey(version, 'catalogue');
    const object = await this.#options.store.get(key);
    if (object === undefined) {
      throw new ArtifactError(
        `${CATALOGUE_CURRENT_KEY} names ${version}, but there is no ${key} in ${this.#options.store.uri}: load the feed again, or return to the catalogue before it (${suggestWithoutStore(this.#options.store, 'catalogue -- rollback')}).`,
      );
    }
    return decodeWholeCatalogue(object.bytes, version);
  }
}

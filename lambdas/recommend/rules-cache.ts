import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { ProductWorld } from '../../engine/rules/product-world.ts';
import { type PublishedRules, RULES_CURRENT_KEY, type RulesPointer } from '../../engine/rules/published-rules.ts';
import { RulesEngine } from '../../engine/rules/rules-engine.ts';
import { readPublishedRules, readRulesPointer } from '../shared/rules/current-rules.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { suggest } from '../shared/store/suggested-command.ts';
import { CHECK_INTERVAL_MS, type LiveModel } from './model-cache.ts';
import { PeriodicCheck } from './periodic-check.ts';

export interface RulesCacheOptions {
  store: ArtifactStore;
  nowMs(): number;
  /** @default CHECK_INTERVAL_MS */
  checkIntervalMs?: number;
  /** Settles when a request has waited long enough for newer rules: see `LOAD_PATIENCE_MS`. */
  patience(): Promise<unknown>;
  /** Published rules could not be loaded, or one of them cannot be applied: time to alarm. */
  onFailure(error: unknown): void;
}

/** The rules that answers are under. */
export interface LiveRules {
  version: string;
  file: PublishedRules;
  engine: RulesEngine;
}

/**
 * The published rules, over the model and the catalogue that answer. They are replaced only by those that are wholly read;
 * while newer ones are missing, torn or of a newer release, the old ones stay in force, or the previous ones where an
 * instance starts in such a moment. Nothing that happens here fails a request.
 */
export class RulesCache {
  readonly #options: RulesCacheOptions;
  readonly #check: PeriodicCheck;
  #file: PublishedRules | undefined;
  #live: { index: LiveModel['index']; catalogue: JoinedCatalogue | undefined; rules: LiveRules } | undefined;
  #hasLooked = false;

  constructor(options: RulesCacheOptions) {
    this.#options = options;
    this.#check = new PeriodicCheck(options.nowMs);
  }

  /** @returns the same object for the same model, catalogue and rules; undefined while no rules are published. */
  async current(
    { index }: Pick<LiveModel, 'index'>,
    catalogue: JoinedCatalogue | undefined,
  ): Promise<LiveRules | undefined> {
    const { checkIntervalMs = CHECK_INTERVAL_MS } = this.#options;
    const check = this.#check.ifDue(checkIntervalMs, (isWanted) => this.#refresh(isWanted));
    if (check !== undefined) await (this.#hasLooked ? Promise.race([check, this.#options.patience()]) : check);
    const file = this.#file;
    if (file === undefined) return undefined;
    if (this.#live?.index !== index || this.#live.catalogue !== catalogue || this.#live.rules.file !== file) {
      const engine = new RulesEngine(file, new ProductWorld(index, catalogue));
      this.#live = { index, catalogue, rules: { version: file.publication.version, file, engine } };
      this.#tell(file.publication.version, engine);
    }
    return this.#live.rules;
  }

  #tell(version: string, { faults }: RulesEngine): void {
    for (const { rule, placement, reason } of faults) {
      const what = rule === undefined ? `The filter of placement "${placement}"` : `Rule "${rule}"`;
      this.#options.onFailure(new ArtifactError(`${what} of rules ${version} is not applied: ${reason}`));
    }
  }

  /** Never rejects. */
  async #refresh(isWanted: () => boolean): Promise<void> {
    let pointer: RulesPointer | undefined;
    try {
      pointer = await readRulesPointer(this.#options.store);
      if (pointer === undefined && this.#file !== undefined) {
        throw new ArtifactError(
          `${RULES_CURRENT_KEY} is gone from ${this.#options.store.uri}: publish the rules again (${suggest(this.#options.store, 'rules -- publish FILE')}).`,
        );
      }
      if (pointer !== undefined && pointer.version !== this.#file?.publication.version) {
        const file = await readPublishedRules(this.#options.store, pointer.version);
        if (isWanted()) this.#file = file;
      }
    } catch (error) {
      if (!isWanted()) return;
      this.#options.onFailure(error);
      if (this.#file === undefined && pointer?.previous != null) await this.#fallBackTo(pointer.previous, isWanted);
    } finally {
      this.#hasLooked = true;
    }
  }

  async #fallBackTo(version: string, isWanted: () => boolean): Promise<void> {
    try {
      const file = await readPublishedRules(this.#options.store, version);
      if (isWanted()) this.#file = file;
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}

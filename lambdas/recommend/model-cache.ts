import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';
import { AlikeError, ArtifactError, messageOf, NoModelError } from '../../engine/errors.ts';
import type { ArraySpace } from '../../engine/numeric/array-space.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { decodeAsItArrives } from '../../engine/serving-index/serving-index-file.ts';
import { readCurrent } from '../shared/runs/current.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { PeriodicCheck } from './periodic-check.ts';

export interface LiveModel {
  /** The run that it comes from. */
  version: string;
  /** ISO 8601, UTC; null for the previous run, served because the published one cannot be read. */
  publishedAt: string | null;
  index: ServingIndex;
  /** Set while the published model cannot be loaded and this older one answers instead. */
  failure: string | undefined;
}

export interface ModelCacheOptions {
  store: ArtifactStore;
  nowMs(): number;
  /** @default CHECK_INTERVAL_MS */
  checkIntervalMs?: number;
  /** Settles when a request has waited long enough for a newer model: see `LOAD_PATIENCE_MS`. */
  patience(): Promise<unknown>;
  /** Reads the index of a run. @default - from the store */
  loadIndex?(runId: string): Promise<ServingIndex>;
  /** A published model could not be loaded: time to alarm. */
  onFailure(error: unknown): void;
}

/** How often `current.json` is looked at: the longest that an idle-free instance serves an outdated model. */
export const CHECK_INTERVAL_MS = 30_000;
/** Without any model, look this often: a first publish shows soon, and a crowd of requests does not become one of reads. */
const RETRY_INTERVAL_MS = 1_000;
/**
 * Longest that a request waits for a newer model before the old one answers it. It cannot be zero: Lambda freezes
 * between invocations, so a load makes progress only while a request is being answered.
 */
export const LOAD_PATIENCE_MS = 250;

/**
 * The model that answers. It is replaced only by one that is wholly read and decoded; while a newer one is missing,
 * torn or of a newer format, the old one keeps answering. An instance that starts in such a moment serves the
 * previous run.
 */
export class ModelCache {
  readonly #options: ModelCacheOptions;
  readonly #check: PeriodicCheck;
  #live: LiveModel | undefined;
  #failure: AlikeError | undefined;

  constructor(options: ModelCacheOptions) {
    this.#options = options;
    this.#check = new PeriodicCheck(options.nowMs);
  }

  /** @throws NoModelError when nothing was published yet. @throws ArtifactError when nothing published can be read. */
  async current(): Promise<LiveModel> {
    const { checkIntervalMs = CHECK_INTERVAL_MS } = this.#options;
    const intervalMs = this.#live === undefined ? RETRY_INTERVAL_MS : checkIntervalMs;
    const check = this.#check.ifDue(intervalMs, (isWanted) => this.#refresh(isWanted));
    if (check !== undefined) {
      await (this.#live === undefined ? check : Promise.race([check, this.#options.patience()]));
      // A check that was given up has found nothing: the one that took over says what there is.
      if (this.#live === undefined && this.#failure === undefined) return this.current();
    }
    if (this.#live === undefined) throw this.#failure;
    return this.#live;
  }

  /** Never rejects. */
  async #refresh(isWanted: () => boolean): Promise<void> {
    let pointer: CurrentPointer | undefined;
    try {
      pointer = await this.#readPointer();
      const { runId, publishedAt } = pointer;
      const index = runId === this.#live?.version ? this.#live.index : await this.#loadIndex(runId);
      if (isWanted()) this.#live = { version: runId, publishedAt, index, failure: undefined };
    } catch (error) {
      if (!isWanted()) return;
      this.#failure = error instanceof AlikeError ? error : unreachable(this.#options.store, error);
      if (!(error instanceof NoModelError)) this.#options.onFailure(error);
      if (this.#live !== undefined) this.#live = { ...this.#live, failure: messageOf(error) };
      else if (pointer?.previous != null) await this.#fallBackTo(pointer.previous, error, isWanted);
    }
  }

  async #fallBackTo(runId: string, cause: unknown, isWanted: () => boolean): Promise<void> {
    try {
      const index = await this.#loadIndex(runId);
      if (isWanted()) this.#live = { version: runId, publishedAt: null, index, failure: messageOf(cause) };
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #readPointer(): Promise<CurrentPointer> {
    const current = await readCurrent(this.#options.store);
    if (current !== undefined) return current.pointer;
    if (this.#live === undefined) throw new NoModelError('No model was published yet: train one first.');
    throw new ArtifactError(`${CURRENT_KEY} is gone from ${this.#options.store.uri}: publish a run again.`);
  }

  #loadIndex(runId: string): Promise<ServingIndex> {
    const { loadIndex, store } = this.#options;
    return loadIndex === undefined ? readLiveIndex(store, runId) : loadIndex(runId);
  }
}

/**
 * Decodes the index while it comes.
 *
 * @param space where its large arrays are made. @throws ArtifactError when it is missing or cannot be read.
 */
export async function readLiveIndex(store: ArtifactStore, runId: string, space?: ArraySpace): Promise<ServingIndex> {
  const key = artifactKey(runId, 'serving');
  const object = await store.getArriving(key);
  if (object === undefined) {
    throw new ArtifactError(
      `${CURRENT_KEY} names run ${runId}, which has no ${key} in ${store.uri}: publish it again, or roll back.`,
    );
  }
  const steps = decodeAsItArrives(object.bytes, runId, space);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await object.arrived(step.value);
  }
}

function unreachable(store: ArtifactStore, cause: unknown): ArtifactError {
  return new ArtifactError(`The model cannot be read from ${store.uri}: ${messageOf(cause)}`, { cause });
}

/** Since its publication; null while the previous run stands in for a broken one. */
export function modelAgeSeconds({ publishedAt }: LiveModel, nowMs: number): number | null {
  return publishedAt === null ? null : Math.max(0, Math.round((nowMs - Date.parse(publishedAt)) / 1000));
}

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../engine/errors.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { fromMessage } from '../../engine/serving-index/shared-index.ts';
import { api } from '../../lambdas/recommend/api.ts';
import type { ApiServices } from '../../lambdas/recommend/api-services.ts';
import { CatalogueCache } from '../../lambdas/recommend/catalogue-cache.ts';
import { MAX_SEED } from '../../lambdas/recommend/fields.ts';
import { liveData } from '../../lambdas/recommend/live-data.ts';
import { LOAD_PATIENCE_MS, ModelCache } from '../../lambdas/recommend/model-cache.ts';
import { RulesCache } from '../../lambdas/recommend/rules-cache.ts';
import { randomId } from '../../lambdas/shared/random-id.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { consolePages } from '../console/answer-console.ts';
import { consoleMounts } from '../console/mounts.ts';
import { operatorPages } from '../console/operator-pages.ts';
import { type ApiServer, requireFreePort, serveApi } from './serve-api.ts';
import { SharedIndexes, startWorkers } from './serve-workers.ts';
import { workspaceUri } from './workspace.ts';

export interface WorkspaceServer extends ApiServer {
  /** Builds the console now rather than when it is first asked for. @throws ConfigurationError */
  consoleReady(): Promise<void>;
}

/** What is written to a terminal, or to what stands in for it. */
interface Terminal {
  write(text: string): unknown;
}

/**
 * How often a local server looks for what went live: whoever promotes a run sees it at once, and threads that look each
 * for itself do not answer by two runs for long.
 */
export const LOCAL_CHECK_INTERVAL_MS = 2_000;

interface WorkspaceOptions {
  corsOrigins?: readonly string[];
  stderr?: Terminal;
  /** Threads that answer, this one included. They share the index's memory. @default 1 */
  workers?: number;
}

/**
 * Serves the API over a local folder of artifacts, the same that the `recommend` Lambda serves, and the console.
 *
 * @throws ConfigurationError when the port is taken.
 */
export async function serveWorkspace(
  workspace: string,
  port: number,
  { corsOrigins = [], stderr = process.stderr, workers = 1 }: WorkspaceOptions = {},
): Promise<WorkspaceServer> {
  const store = await openArtifactStore(workspaceUri(workspace));
  if (workers === 1) return serveOnThisThread(workspace, store, port, { corsOrigins, stderr });
  // A port that is shared is shared with any other process that wants it so.
  await requireFreePort(port);
  const indexes = new SharedIndexes(store);
  const loadIndex = (runId: string) => indexes.load(runId).then(fromMessage);
  const first = await serveOnThisThread(workspace, store, port, { corsOrigins, stderr, loadIndex, sharesPort: true });
  const others = await startWorkers(workers - 1, indexes, stderr, {
    workspace,
    port: Number(new URL(first.url).port),
    corsOrigins,
  }).catch(async (error) => {
    await first.close();
    throw error;
  });
  return { ...first, close: async () => void (await Promise.all([first.close(), others.close()])) };
}

export async function serveOnThisThread(
  workspace: string,
  store: ArtifactStore,
  port: number,
  {
    corsOrigins,
    stderr,
    loadIndex,
    sharesPort = false,
  }: {
    corsOrigins: readonly string[];
    stderr: Terminal;
    loadIndex?: (runId: string) => Promise<ServingIndex>;
    sharesPort?: boolean;
  },
): Promise<WorkspaceServer> {
  const services = servicesOver(store, stderr, loadIndex);
  const pages = consolePages(services.onFault);
  const answerOperator = operatorPages({ name: `workspace ${workspace}`, store }, Date.now);
  const server = await serveApi(api, services, port, {
    corsOrigins,
    answerPage: (...asked) => answerOperator(...asked) || pages.answer(...asked),
    sharesPort,
    mountedAt: consoleMounts(services),
  });
  // Before the first request; without a model each request is told so.
  await liveData(services).catch(() => undefined);
  return { ...server, consoleReady: pages.ready };
}

/** What the API needs, over any store of artifacts. @param stderr is told when something else answers than what is published. */
export function servicesOver(
  store: ArtifactStore,
  stderr: Terminal,
  loadIndex?: (runId: string) => Promise<ServingIndex>,
): ApiServices {
  const looking = {
    store,
    nowMs: Date.now,
    checkIntervalMs: LOCAL_CHECK_INTERVAL_MS,
    patience: () => sleep(LOAD_PATIENCE_MS, undefined, { ref: false }),
  };
  return {
    models: new AnnouncedModels(
      new ModelCache({
        ...looking,
        ...(loadIndex !== undefined && { loadIndex }),
        // The model that answers instead says it, too.
        onFailure() {},
      }),
      stderr,
    ),
    catalogues: new CatalogueCache({ ...looking, onFailure: announceOnce(stderr, 'catalogue') }),
    rules: new RulesCache({ ...looking, onFailure: announceOnce(stderr, 'rules') }),
    store,
    nowMs: Date.now,
    newId: randomId,
    newSeed: () => randomInt(MAX_SEED),
    onRecommended() {},
    onFault(error, requestId) {
      stderr.write(`error: ${requestId === undefined ? '' : `request ${requestId} failed: `}${messageOf(error)}\n`);
    },
  };
}

const INSTEAD = {
  catalogue: 'the catalogue before it answers, if there is one',
  rules: 'the other rules, or those before them, stay in force',
};

/** Says on the terminal what is wrong with the catalogue or the rules, not at each check anew. */
function announceOnce(stderr: Terminal, what: 'catalogue' | 'rules'): (error: unknown) => void {
  let last: string | undefined;
  return (error) => {
    const message = messageOf(error);
    if (message === last) return;
    last = message;
    stderr.write(`degraded: ${message} Meanwhile ${INSTEAD[what]}.\n`);
  };
}

/** Says on the terminal when another model answers than the published one, and when that is over. */
class AnnouncedModels {
  readonly #models: ModelCache;
  readonly #stderr: Terminal;
  #failure: string | undefined;

  constructor(models: ModelCache, stderr: Terminal) {
    this.#models = models;
    this.#stderr = stderr;
  }

  async current() {
    try {
      const model = await this.#models.current();
      this.#announce(model.failure, `run ${model.version} answers`);
      return model;
    } catch (error) {
      this.#announce(messageOf(error), 'nothing answers');
      throw error;
    }
  }

  #announce(failure: string | undefined, instead: string): void {
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#stderr.write(
      failure === undefined ? `recovered: ${instead}\n` : `degraded: ${failure} Meanwhile ${instead}.\n`,
    );
  }
}

/** Resolves when a person or a supervisor asks the process to stop. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

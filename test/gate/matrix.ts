import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { answerSessions, sampleSessions } from '../../engine/evaluation/reference-sessions.ts';
import { outcomeOf, runReportSchema, unchangedRunSchema } from '../../engine/evaluation/run-report.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import { newExecution, openStages, type Stages } from '../support/stages.ts';
import { csvOf, type Input, type Upload } from './inputs/input.ts';
import type { Shop, View } from './shop.ts';

/** What became of an input. */
export interface Found {
  outcome: 'promoted' | 'refused' | 'unchanged' | 'failed';
  /** The verdict's sentence, or the error. */
  sentence: string;
  /** HR@20 as served of its model on what the visitors did afterwards; undefined when there is none. */
  afterwards: number | undefined;
}

const COLUMNS = { session: 'session', product: 'product', order: 'position', time: ['day'] };
/** One small training: the gate is tested, not the search for settings. */
const SETTINGS = { max_trials: 1, epochs: 3, vector_size: 16, workers: 1 };

/** A shop with a good live model, on which the deployed handlers try one input after the other. */
export class Matrix {
  readonly shop: Shop;
  readonly #stages: Stages;
  readonly #visits: string[][];
  #runs = 0;
  #live: { pointer: string; found: Found } | undefined;

  private constructor(shop: Shop, stages: Stages) {
    this.shop = shop;
    this.#stages = stages;
    this.#visits = visitsOf(shop.afterwards);
  }

  static async open(shop: Shop): Promise<Matrix> {
    const matrix = new Matrix(shop, await openStages());
    const found = await matrix.#run({ files: { 'clicks.csv': csvOf(shop.live) } });
    if (found.outcome !== 'promoted') throw new Error(`The live model is no good: ${found.sentence}`);
    const pointer = await matrix.#stages.store.get(CURRENT_KEY);
    matrix.#live = { pointer: new TextDecoder().decode(pointer!.bytes), found };
    return matrix;
  }

  /** Of the live model. */
  get afterwards(): number {
    return this.#live!.found.afterwards!;
  }

  /** Trains on the input beside the live model, which is live again afterwards, whatever the gate said. */
  async try(input: Input): Promise<Found> {
    const made = input.make(this.shop, seededRandom(7));
    const upload: Upload = Array.isArray(made) ? { files: { 'clicks.csv': csvOf(made) } } : (made as Upload);
    try {
      return await this.#run(upload);
    } finally {
      await this.#stages.store.put(CURRENT_KEY, this.#live!.pointer);
    }
  }

  close() {
    return this.#stages.close();
  }

  async #run({ files, request }: Upload): Promise<Found> {
    const { store, upload, runStage, invoke } = this.#stages;
    const folder = `raw/${++this.#runs}`;
    for (const [name, bytes] of Object.entries(files)) await upload(`${folder}/${name}`, bytes);
    const execution = newExecution(new Date(Date.UTC(2026, 10, 23, 10) + this.#runs * 60_000).toISOString());
    const event = { source: folder, columns: COLUMNS, settings: SETTINGS, ...request };
    const runId = runIdOf(execution);
    try {
      let items: string[] = [];
      for (const { name, forEachItemOf } of PIPELINE) {
        if (forEachItemOf !== undefined) {
          for (const item of items) await invoke(name, { execution, request: event, item });
          continue;
        }
        const result = await runStage(name, execution, event);
        if (result.counts['unchanged'] !== undefined) break;
        items = result.items ?? items;
      }
    } catch (error) {
      return { outcome: 'failed', sentence: (error as Error).message, afterwards: undefined };
    }
    const report =
      (await readJsonArtifact(store, artifactKey(runId, 'report'), runReportSchema)) ??
      (await readJsonArtifact(store, artifactKey(runId, 'unchanged'), unchangedRunSchema))!;
    return {
      outcome: outcomeOf(report.verdict),
      sentence: report.verdict.reason,
      afterwards: await this.#hitRate(runId),
    };
  }

  async #hitRate(runId: string): Promise<number | undefined> {
    const file = await this.#stages.store.get(artifactKey(runId, 'serving'));
    if (file === undefined) return undefined;
    const index = decodeServingIndex(file.bytes, runId);
    const places = answerSessions(index, index.defaultStrategy, this.#visits, 1).flat();
    return places.filter((place) => place !== null && place > 0).length / places.length;
  }
}

function visitsOf(views: readonly View[]): string[][] {
  const ids = [...new Set(views.map(({ product }) => product))];
  const numberOf = new Map(ids.map((id, number) => [id, number]));
  const sessions = new Map<string, number[]>();
  for (const { session, product } of views) {
    const number = numberOf.get(product)!;
    sessions.set(session, [...(sessions.get(session) ?? []), number]);
  }
  const offsets = [0];
  for (const session of sessions.values()) offsets.push(offsets.at(-1)! + session.length);
  return sampleSessions(
    { productIds: ids, offsets: Uint32Array.from(offsets), views: Uint32Array.from([...sessions.values()].flat()) },
    0,
  );
}

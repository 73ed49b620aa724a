import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageResult } from '../../../engine/artifacts/stage-record.ts';
import { PIPELINE, type StageName } from '../../../lambdas/pipeline.ts';
import { writeClickstream } from '../../../scripts/sample/write-clickstream.ts';
import type { Execution } from '../../support/stages.ts';

const COLUMNS = {
  session: 'session ID',
  product: 'page 2 (clothing model)',
  order: 'order',
  time: ['year', 'month', 'day'],
};

/** Every stage has work: candidates are tried and measured, though not for long. */
export const REQUEST = {
  source: 'raw/clicks.csv',
  columns: COLUMNS,
  preset: 'tuned',
  settings: { epochs: 1, vector_size: 8, negative: 2, max_trials: 2, k: 4 },
  force: true,
};

/** The same bytes in every run of the same clicks, settings and seed. */
export const DATASETS = [
  'raw_session_based_clickstream_data',
  'sequential_products',
  'product_ids_and_vectors',
  'final_product_clusters',
] as const;

export async function sampleClicks(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'sample.csv');
  await writeClickstream(path, { sessions: 300, products: 30, seed: 1 });
  return readFile(path);
}

type Invoke = (stage: StageName, execution: Execution, item: string | undefined) => Promise<StageResult>;

/** The stages of a run in their order; of one that runs over items, one invocation an item. */
export async function runStages(execution: Execution, invoke: Invoke): Promise<void> {
  const items = new Map<StageName, string[]>();
  for (const { name, forEachItemOf } of PIPELINE) {
    for (const item of forEachItemOf === undefined ? [undefined] : (items.get(forEachItemOf) ?? [])) {
      const result = await invoke(name, execution, item);
      if (result.items !== undefined) items.set(name, result.items);
    }
  }
}

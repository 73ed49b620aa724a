/**
 * Runs `ingest` and `sequence` on one folder after another, as the Lambdas do, and answers what came of it. A process of
 * its own: its memory is measured, and it may be ended when a file makes it hang or grow.
 *
 *     node test/fuzz/support/stage-worker.ts   # a `WorkerRequest` a line on stdin, a `WorkerAnswer` a line on stdout
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AlikeError } from '../../../engine/errors.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { measureHere } from '../../../scripts/bench/measured-process.ts';
import { newExecution, openStages } from '../../support/stages.ts';

export interface WorkerRequest {
  request: Record<string, unknown>;
}

/** The stage that refused the clicks, and in which words. */
export interface Refusal {
  stage: string;
  name: string;
  message: string;
  isOurs: boolean;
  stack: string;
}

export interface Trained {
  /** Of both stages. */
  counts: Record<string, number>;
  /** What the datasets hold, read by another library. */
  readBack: { rows: number; rejectedRows: number };
  sequences: [string, string[]][];
}

export type WorkerAnswer = { seconds: number; peakMb?: number; refused?: Refusal; trained?: Trained };

const stages = await openStages();
process.stdin.on('end', () => stages.close());

for await (const line of createInterface({ input: process.stdin })) {
  const { request } = JSON.parse(line) as WorkerRequest;
  const { result, seconds, peakMb } = await measureHere(() => run(request));
  process.stdout.write(`${JSON.stringify({ ...result, seconds, peakMb })}\n`);
}

async function run(request: Record<string, unknown>): Promise<{ refused?: Refusal; trained?: Trained }> {
  const execution = newExecution();
  let stage: 'ingest' | 'sequence' = 'ingest';
  try {
    const ingested = await stages.runStage(stage, execution, request);
    const [accepted, rejected] = await Promise.all(
      (['raw_session_based_clickstream_data', 'rejected_rows'] as const).map((name) => stages.rowsOf(execution, name)),
    );
    stage = 'sequence';
    const sequenced = await stages.runStage(stage, execution, request);
    const sequences = await stages.rowsOf(execution, 'sequential_products');
    const trained = {
      counts: { ...ingested.counts, ...sequenced.counts },
      readBack: { rows: accepted.length, rejectedRows: rejected.length },
      sequences: sequences.map((row) => [row['session_id'], row['chronological_product_sequence']]),
    };
    return { trained: trained as unknown as Trained };
  } catch (error) {
    const { name, message, stack = '' } = error as Error;
    return { refused: { stage, name, message, isOurs: error instanceof AlikeError, stack } };
  } finally {
    await rm(join(stages.folder, 'runs', runIdOf(execution)), { recursive: true, force: true });
  }
}

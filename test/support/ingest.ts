import { afterAll, beforeAll, expect } from 'vitest';
import { stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import type { StageRecord } from '../../engine/artifacts/stage-record.ts';
import { AlikeError } from '../../engine/errors.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { getJson } from './get-json.ts';
import { newExecution, openStages, type Row, type Stages } from './stages.ts';

export const COLUMNS = { session: 's', product: 'p', order: 'o' };

/** All rows may be refused but one: the tests of refusals look at each. */
const LENIENT = { max_rejected_share: 1 };

type Content = string | Uint8Array;

interface Ingested {
  counts: Record<string, number>;
  clicks: Row[];
  /** Without `file`. */
  rejected: Omit<Row, 'file'>[];
  notes: string[];
}

/** Uploads files and runs the deployed `ingest` on them: DuckDB, Parquet and all. Call it at the top of a test file. */
export function ingestInFolder() {
  let stages: Stages;
  let uploads = 0;
  beforeAll(async () => {
    stages = await openStages();
  });
  afterAll(() => stages.close());

  /** @param content of one file, or file name → content. */
  async function ingest(content: Content | Record<string, Content>, request: Record<string, unknown> = {}) {
    const folder = `raw/${++uploads}`;
    const isOne = typeof content === 'string' || content instanceof Uint8Array;
    const files = isOne ? { 'clicks.csv': content } : content;
    for (const [name, bytes] of Object.entries(files)) await stages.upload(`${folder}/${name}`, bytes);
    const execution = newExecution();
    const result = await stages.runStage('ingest', execution, {
      source: folder,
      columns: COLUMNS,
      settings: LENIENT,
      ...request,
    });
    const record = await getJson<StageRecord>(stages.store, stageRecordKey(runIdOf(execution), 'ingest'));
    return {
      counts: result.counts,
      clicks: await stages.rowsOf(execution, 'raw_session_based_clickstream_data'),
      rejected: (await stages.rowsOf(execution, 'rejected_rows')).map(({ file: _, ...row }) => row),
      notes: (record?.details?.['notes'] ?? []) as string[],
    } satisfies Ingested;
  }

  /** The message with which the input is refused: what to mend, never a stack trace. */
  async function refusal(content: Content | Record<string, Content>, request: Record<string, unknown> = {}) {
    const error: unknown = await ingest(content, request).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(AlikeError);
    const { name, message } = error as AlikeError;
    expect(name).toBe('InputError');
    expect(message).not.toMatch(/^\s+at /m);
    expect(message).not.toContain('/tmp/');
    return message;
  }

  return { ingest, refusal, stages: () => stages };
}

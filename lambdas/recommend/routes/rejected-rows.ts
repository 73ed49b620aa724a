import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import * as z from 'zod';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { fromText, integer } from '../../shared/http/fields.ts';
import { defineRoute } from '../api-services.ts';
import { findRun } from './run-details.ts';

/** More than a page shows, and few enough to be counted while somebody waits. */
const COUNTED_ROWS = 100_000;

export const getRejectedRows = defineRoute({
  method: 'GET',
  path: '/v1/runs/{runId}/rejected-rows',
  summary: 'Rows of the source that a run could not use: the reasons, and the first of them',
  parameters: z.object({ runId: z.string().describe("as GET /v1/runs lists it; 'live' is the one that is") }),
  query: z.strictObject({ limit: fromText(integer(1, 1_000)).default(50) }),
  answer: z
    .object({
      runId: z.string(),
      rejectedRows: z.int().nullable().describe('null for a run that has not read its source'),
      reasons: z
        .array(z.object({ reason: z.string(), rows: z.int() }))
        .describe(`most frequent first, counted over the first ${COUNTED_ROWS} rows`),
      items: z.array(
        z.object({
          file: z.string().nullable(),
          line: z.number().nullable(),
          column: z.string().nullable(),
          reason: z.string(),
          content: z.string().nullable(),
        }),
      ),
    })
    .meta({ id: 'RejectedRows' }),
  problems: ['not-found'],
  async handle({ parameters, query }, services) {
    const { runId } = await findRun(parameters.runId, services);
    const object = await services.store.get(artifactKey(runId, 'rejected_rows'));
    if (object === undefined) return { runId, rejectedRows: null, reasons: [], items: [] };
    const file = object.bytes.slice().buffer;
    const rejectedRows = Number(parquetMetadata(file).num_rows);
    const rowEnd = Math.min(rejectedRows, COUNTED_ROWS);
    const rows = rowEnd === 0 ? [] : await parquetReadObjects({ file, rowStart: 0, rowEnd });
    const items = rows.map((row) => ({
      file: textOf(row['file']),
      line: row['line'] == null ? null : Number(row['line']),
      column: textOf(row['column']),
      reason: textOf(row['reason']) ?? 'no reason was kept',
      content: textOf(row['content']),
    }));
    const counts = Map.groupBy(items, ({ reason }) => reason);
    return {
      runId,
      rejectedRows,
      reasons: [...counts].map(([reason, { length }]) => ({ reason, rows: length })).sort((a, b) => b.rows - a.rows),
      items: items.slice(0, query.limit),
    };
  },
});

function textOf(value: unknown): string | null {
  return value == null ? null : String(value);
}

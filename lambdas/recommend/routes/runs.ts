import * as z from 'zod';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { cursor, fromText, integer, nextCursor } from '../../shared/http/fields.ts';
import { badCursor, decodeCursor, encodeCursor } from '../../shared/http/paging.ts';
import { listRuns, SHOWN_STATUSES, shownStatus } from '../../shared/runs/registry.ts';
import { readJsonIfSound } from '../../shared/store/json-artifact.ts';
import { defineRoute } from '../api-services.ts';

/** Passed on as it stands. */
const anyObject = z.record(z.string(), z.unknown());

export const runsRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs',
  summary: 'The registry: all runs, newest first',
  query: z.strictObject({ limit: fromText(integer(1, 100)).default(20), cursor: cursor.optional() }),
  answer: z
    .object({
      items: z.array(
        z
          .object({
            runId: z.string(),
            status: z
              .enum(SHOWN_STATUSES)
              .describe(
                'live answers now; previous is what a rollback returns to; ready can be published; stopped did not fail by itself: its process was ended',
              ),
            manifest: z
              .record(z.string(), z.unknown())
              .nullable()
              .describe(
                'inputs, settings, timings, counts; null until the run has finished, or when it cannot be read',
              ),
          })
          .meta({ id: 'Run' }),
      ),
      nextCursor,
    })
    .meta({ id: 'RunPage' }),
  async handle({ query }, { store, onFault }) {
    const runs = await listRuns(store, onFault);
    const before = query.cursor === undefined ? undefined : runIdOfCursor(query.cursor);
    const remaining = before === undefined ? runs : runs.filter(({ runId }) => runId < before);
    const page = remaining.slice(0, query.limit);
    const items = await Promise.all(
      page.map(async ({ runId, status }) => {
        const read = (name: 'manifest' | 'failure') =>
          readJsonIfSound(store, artifactKey(runId, name), anyObject, onFault);
        const failure = status === 'failed' ? await read('failure') : undefined;
        return { runId, status: shownStatus(status, failure), manifest: (await read('manifest')) ?? null };
      }),
    );
    return { items, nextCursor: remaining.length > page.length ? encodeCursor([page[page.length - 1].runId]) : null };
  },
});

function runIdOfCursor(cursor: string): string {
  const [runId] = decodeCursor(cursor);
  if (typeof runId !== 'string') throw badCursor();
  return runId;
}

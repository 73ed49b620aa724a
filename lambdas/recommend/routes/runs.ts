import * as z from 'zod';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { cursor, fromText, integer, nextCursor } from '../../shared/http/fields.ts';
import { badCursor, decodeCursor, encodeCursor, OF_ANOTHER_LIST } from '../../shared/http/paging.ts';
import { listRuns, type RegisteredRun, SHOWN_STATUSES, shownStatus } from '../../shared/runs/registry.ts';
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
    const before = query.cursor === undefined ? undefined : runIdOfCursor(query.cursor, runs);
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

/** As `runIdOf` makes them. */
const RUN_ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** @throws RequestError 400 when it names neither a run of the list nor one that may have been retired since. */
function runIdOfCursor(cursor: string, runs: readonly RegisteredRun[]): string {
  const [before, ...others] = decodeCursor(cursor);
  const isKnown = runs.some(({ runId }) => runId === before);
  if (typeof before === 'string' && others.length === 0 && (isKnown || RUN_ID.test(before))) return before;
  throw badCursor(OF_ANOTHER_LIST);
}

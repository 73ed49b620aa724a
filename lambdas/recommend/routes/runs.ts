import * as z from 'zod';
import { getJson } from '../../shared/artifact-store.ts';
import { artifactKey, RUNS_PREFIX } from '../../shared/artifacts.ts';
import { readCurrent } from '../../shared/current.ts';
import { cursor, integer, nextCursor } from '../http/fields.ts';
import { badCursor, decodeCursor, encodeCursor } from '../http/paging.ts';
import { defineRoute } from '../http/route.ts';

const STATUSES = ['live', 'previous', 'ready', 'failed', 'unfinished'] as const;

export const listRuns = defineRoute({
  method: 'GET',
  path: '/v1/runs',
  summary: 'The registry: all runs, newest first',
  query: z.object({ limit: integer(1, 100).default(20), cursor: cursor.optional() }),
  answer: z
    .object({
      items: z.array(
        z
          .object({
            runId: z.string(),
            status: z
              .enum(STATUSES)
              .describe('live answers now; previous is what a rollback returns to; ready can be published'),
            manifest: z
              .record(z.string(), z.unknown())
              .nullable()
              .describe('inputs, settings, timings, counts; null until the run has finished'),
          })
          .meta({ id: 'Run' }),
      ),
      nextCursor,
    })
    .meta({ id: 'RunPage' }),
  async handle({ query }, { store }) {
    const [current, objects] = await Promise.all([readCurrent(store), store.list(RUNS_PREFIX)]);
    const keys = new Set(objects.map(({ key }) => key));
    const newestFirst = [...new Set(objects.map(({ key }) => key.slice(RUNS_PREFIX.length).split('/')[0]))].reverse();
    const before = query.cursor === undefined ? undefined : runIdOfCursor(query.cursor);
    const remaining = before === undefined ? newestFirst : newestFirst.filter((runId) => runId < before);
    const page = remaining.slice(0, query.limit);

    const statusOf = (runId: string): (typeof STATUSES)[number] => {
      if (runId === current?.pointer.runId) return 'live';
      if (runId === current?.pointer.previous) return 'previous';
      if (keys.has(artifactKey(runId, 'failure'))) return 'failed';
      return keys.has(artifactKey(runId, 'serving')) ? 'ready' : 'unfinished';
    };
    const items = await Promise.all(
      page.map(async (runId) => ({
        runId,
        status: statusOf(runId),
        manifest: (await getJson<Record<string, unknown>>(store, artifactKey(runId, 'manifest'))) ?? null,
      })),
    );
    return { items, nextCursor: remaining.length > page.length ? encodeCursor([page[page.length - 1]]) : null };
  },
});

function runIdOfCursor(cursor: string): string {
  const [runId] = decodeCursor(cursor);
  if (typeof runId !== 'string') throw badCursor();
  return runId;
}

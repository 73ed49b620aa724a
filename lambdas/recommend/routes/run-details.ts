import * as z from 'zod';
import { artifactKey, artifactOfKey, RUNS_PREFIX, stageOfKey } from '../../../engine/artifacts/artifact-keys.ts';
import { stageRecordSchema } from '../../../engine/artifacts/stage-record.ts';
import { dataProfileSchema } from '../../../engine/clicks/data-profile.ts';
import { NotFoundError } from '../../../engine/errors.ts';
import { quote } from '../../shared/http/problem.ts';
import { listRuns, SHOWN_STATUSES, shownStatus } from '../../shared/runs/registry.ts';
import type { ArtifactStore } from '../../shared/store/artifact-store.ts';
import { readJsonIfSound } from '../../shared/store/json-artifact.ts';
import { type ApiServices, defineRoute } from '../api-services.ts';

/** Passed on as it stands. */
const document = z.record(z.string(), z.unknown());
const parameters = z.object({ runId: z.string().describe("as GET /v1/runs lists it; 'live' is the one that is") });

export const getRun = defineRoute({
  method: 'GET',
  path: '/v1/runs/{runId}',
  summary: 'One run: its stages, what it was asked, and every artifact that it left',
  parameters,
  answer: z
    .object({
      runId: z.string(),
      status: z.enum(SHOWN_STATUSES),
      request: document.nullable().describe('with which settings it was started'),
      manifest: document.nullable().describe('null until the run has finished, or when it cannot be read'),
      failure: document.nullable().describe('why it failed, and what to do'),
      unchanged: document.nullable().describe('why it ended before training'),
      stages: z
        .array(
          z.object({
            stage: z.string(),
            item: z.string().nullable().describe('of a stage that runs over items'),
            startedAt: z.string(),
            durationMs: z.number(),
            peakResidentMb: z.number(),
            counts: z.record(z.string(), z.number()),
          }),
        )
        .describe('finished stages, in the order in which they began'),
      artifacts: z
        .array(
          z.object({
            name: z.string(),
            key: z.string().describe('in the store'),
            sizeBytes: z.int(),
            sha256: z.string().nullable().describe('null where the stage recorded none'),
            stage: z.string().nullable().describe('that wrote it'),
          }),
        )
        .describe('in the order of their keys'),
    })
    .meta({ id: 'RunDetails' }),
  problems: ['not-found'],
  async handle({ parameters }, services) {
    const { store, onFault } = services;
    const { runId, status } = await findRun(parameters.runId, services);
    const objects = await store.list(`${RUNS_PREFIX}${runId}/`);
    const read = async (name: 'request' | 'manifest' | 'failure' | 'unchanged') =>
      (await readJsonIfSound(store, artifactKey(runId, name), document, onFault)) ?? null;
    const [request, manifest, failure, unchanged] = await Promise.all([
      read('request'),
      read('manifest'),
      read('failure'),
      read('unchanged'),
    ]);
    const records = await readRecords(
      store,
      objects.map(({ key }) => key),
      onFault,
    );
    const written = new Map(
      records.flatMap(({ record }) =>
        Object.entries(record.written ?? {}).map(
          ([key, { sha256 }]) => [key, { sha256, stage: record.stage }] as const,
        ),
      ),
    );
    return {
      runId,
      status: shownStatus(status, failure),
      request,
      manifest,
      failure,
      unchanged,
      stages: records.map(({ item, record }) => ({
        stage: record.stage,
        item,
        startedAt: record.startedAt,
        durationMs: record.durationMs,
        peakResidentMb: record.peakResidentMb,
        counts: record.result.counts,
      })),
      artifacts: objects.flatMap(({ key, size }) => {
        const artifact = artifactOfKey(key);
        if (artifact === undefined) return [];
        const { sha256 = null, stage = null } = written.get(key) ?? {};
        return [{ name: artifact.item ?? artifact.name, key, sizeBytes: size, sha256, stage }];
      }),
    };
  },
});

export const getRunReport = defineRoute({
  method: 'GET',
  path: '/v1/runs/{runId}/report',
  summary: "One run's report: its metrics beside every baseline, and the gate's verdict",
  parameters,
  answer: z
    .object({
      runId: z.string(),
      report: document.nullable().describe('null until the run has finished, or when it cannot be read'),
    })
    .meta({ id: 'RunReport' }),
  problems: ['not-found'],
  async handle({ parameters }, services) {
    const { store, onFault } = services;
    const { runId } = await findRun(parameters.runId, services);
    const report = (await readJsonIfSound(store, artifactKey(runId, 'report'), document, onFault)) ?? null;
    return { runId, report };
  },
});

export const getRunData = defineRoute({
  method: 'GET',
  path: '/v1/runs/{runId}/data',
  summary: 'What the clicks look like that a run learned from',
  parameters,
  answer: z
    .object({
      runId: z.string(),
      profile: dataProfileSchema
        .nullable()
        .describe('null for a run of release 0.2.0 or older, and for one that did not finish'),
    })
    .meta({ id: 'RunData' }),
  problems: ['not-found'],
  async handle({ parameters }, services) {
    const { store, onFault } = services;
    const { runId } = await findRun(parameters.runId, services);
    const profile = await readJsonIfSound(store, artifactKey(runId, 'data_profile'), dataProfileSchema, onFault);
    return { runId, profile: profile ?? null };
  },
});

/** @throws NotFoundError */
export async function findRun(asked: string, { store, onFault }: Pick<ApiServices, 'store' | 'onFault'>) {
  const runs = await listRuns(store, onFault);
  const run = runs.find(({ runId, status }) => runId === asked || (asked === 'live' && status === 'live'));
  if (run !== undefined) return run;
  throw new NotFoundError(`There is no run ${quote(asked)}; GET /v1/runs lists all.`);
}

async function readRecords(store: ArtifactStore, keys: readonly string[], onFault: ApiServices['onFault']) {
  const found = await Promise.all(
    keys.map(async (key) => {
      const stage = stageOfKey(key);
      if (stage === undefined) return [];
      const record = await readJsonIfSound(store, key, stageRecordSchema, onFault);
      if (record === undefined) return [];
      return [{ item: stage === record.stage ? null : stage.slice(record.stage.length + 1), record }];
    }),
  );
  return found.flat().sort((a, b) => (a.record.startedAt < b.record.startedAt ? -1 : 1));
}

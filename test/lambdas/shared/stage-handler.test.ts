import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactKey, CURRENT_KEY, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import type { StageRecord } from '../../../engine/artifacts/stage-record.ts';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { PIPELINE, type StageName } from '../../../lambdas/pipeline.ts';
import { type ProgressUpdate, progressChannel } from '../../../lambdas/shared/progress.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { clickstream } from '../../../scripts/sample/clickstream.ts';
import { getJson } from '../../support/get-json.ts';
import { type Execution, newExecution, openStages, type Stages } from '../../support/stages.ts';

let stages: Stages;
const request = { source: 'raw/sample.csv', columns: FORMATS.eshop, preset: 'layer', settings: { k: 4 } };
beforeAll(async () => {
  stages = await openStages();
  await stages.upload('raw/sample.csv', [...clickstream({ sessions: 300, products: 20, seed: 1 })].join(''));
});
afterAll(() => stages.close());

/** Key → version of everything that a run left. */
async function contents(execution: Execution) {
  const listed = await stages.store.list(`runs/${runIdOf(execution)}/`);
  return Object.fromEntries(
    await Promise.all(listed.map(async ({ key, modifiedAtMs }) => [key, modifiedAtMs] as const)),
  );
}
const recordOf = (execution: Execution, stage: StageName) =>
  getJson<StageRecord>(stages.store, stageRecordKey(runIdOf(execution), stage));

it('no bit of what a stage wrote can change without the next one refusing it', async () => {
  const execution = newExecution();
  const runId = runIdOf(execution);
  await stages.runStage('ingest', execution, request);
  for (const name of ['views', 'request'] as const) {
    const key = artifactKey(runId, name);
    const { bytes } = (await stages.store.get(key))!;
    for (let flip = 0; flip < 20; flip++) {
      const flipped = Buffer.from(bytes);
      const bit = Math.floor((flip / 20) * bytes.length * 8);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      await stages.store.put(key, flipped);
      await expect(stages.runStage('sequence', execution, request)).rejects.toMatchObject({
        name: 'ArtifactError',
        message: expect.stringContaining(`${key} in ${stages.store.uri} is not what the stage ingest wrote`),
      });
    }
    await stages.store.put(key, bytes);
  }
  expect(await stages.runStage('sequence', execution, request)).toMatchObject({ runId });
});

it('a record of another run is refused', async () => {
  const execution = newExecution();
  await stages.runStage('ingest', execution, request);
  const { bytes } = (await stages.store.get(stageRecordKey(runIdOf(execution), 'ingest')))!;
  const other = newExecution();
  await stages.store.put(stageRecordKey(runIdOf(other), 'ingest'), bytes);
  await expect(stages.runStage('ingest', other, request)).rejects.toThrow(`is of run ${runIdOf(execution)}`);
});

it('the request of a run holds every setting, so that a release with other presets changes nothing', async () => {
  const execution = newExecution();
  await stages.runStage('ingest', execution, request);
  expect(await getJson(stages.store, artifactKey(runIdOf(execution), 'request'))).toMatchObject({
    preset: 'layer',
    settings: { ...PRESETS.layer, k: 4 },
  });
});

describe('a stage', () => {
  it('that is run again for the same execution returns the same and writes nothing', async () => {
    const execution = newExecution();
    for (const stage of ['ingest', 'sequence'] as const) {
      const result = await stages.runStage(stage, execution, request);
      const before = await contents(execution);
      expect(await stages.runStage(stage, execution, request)).toEqual(result);
      expect(await contents(execution)).toEqual(before);
    }
  });

  it('passes on its run, the keys of its artifacts and its counts, and records when and how long it worked', async () => {
    const execution = newExecution('2026-11-23T10:00:00.123Z');
    const result = await stages.runStage('ingest', execution, request);
    const runId = runIdOf(execution);
    expect(runId.startsWith('20261123T100000123Z-')).toBe(true);
    expect(result).toEqual({
      runId,
      keys: {
        raw_session_based_clickstream_data: artifactKey(runId, 'raw_session_based_clickstream_data'),
        rejected_rows: artifactKey(runId, 'rejected_rows'),
        views: artifactKey(runId, 'views'),
      },
      counts: { rows: expect.any(Number), rejectedRows: 0 },
    });
    const record = (await recordOf(execution, 'ingest'))!;
    expect(record).toMatchObject({ stage: 'ingest', result, codeVersion: 'development' });
    expect(record.startedAt).toBe(new Date(record.startedAt).toISOString());
    expect(record.durationMs).toBeGreaterThan(0);
    expect(record.peakResidentMb).toBeGreaterThan(10);
  });

  it('works on the request that its run began with, not on what it is called with later', async () => {
    const execution = newExecution();
    await stages.runStage('ingest', execution, request);
    const { counts } = await stages.runStage('sequence', execution, { ...request, columns: { session: 'none' } });
    expect(counts['sessions']).toBe(300);
  });

  it('tells a person who watches how far it is', async () => {
    const seen: (ProgressUpdate & { stage: string })[] = [];
    const listen = (message: unknown) => seen.push(message as (typeof seen)[number]);
    progressChannel.subscribe(listen);
    const { counts } = await stages.runStage('ingest', newExecution(), request);
    progressChannel.unsubscribe(listen);
    expect(seen).toEqual([{ stage: 'ingest', done: counts['rows'], unit: 'rows' }]);
  });

  it('whose artifact is missing names it and what to do', async () => {
    await expect(stages.runStage('sequence', newExecution(), request)).rejects.toMatchObject({
      name: 'ArtifactError',
      message: expect.stringContaining('views.bin'),
    });
  });

  it.each([
    ['no execution', {}, 'execution'],
    ['an execution without an id', { execution: { startedAt: '2026-11-23T10:00:00Z' } }, 'execution.id'],
    ['nothing', undefined, 'A stage expects {execution: {id, startedAt}, request}'],
  ])('that is called with %s says what it expects', async (_, event, part) => {
    await expect(stages.invoke('ingest', event)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(part),
    });
  });

  it('that is called with a wrong request names each fault and leaves nothing behind', async () => {
    const execution = newExecution();
    const wrong = {
      ...request,
      presett: 'layer',
      columns: { session: 's', product: 'p', order: 'o', events: { view: 1 } },
      settings: { epochs: 0, foo: 1 },
    };
    const failed = expect(stages.runStage('ingest', execution, wrong)).rejects;
    await failed.toMatchObject({ name: 'InputError' });
    for (const part of ['"presett"', 'name the "event" column', 'settings.epochs', 'there is no setting "foo"']) {
      await failed.toThrow(part);
    }
    expect(await contents(execution)).toEqual({});
  });
});

it('a run that failed resumes at the stage that failed and completes', async () => {
  const execution = newExecution();
  const runId = runIdOf(execution);
  const stageNames = PIPELINE.filter(({ forEachItemOf }) => forEachItemOf === undefined).map(({ name }) => name);
  /** As the state machine does; returns what a Catch leaves when a stage fails. */
  const runAll = async () => {
    for (const { name, forEachItemOf } of PIPELINE) {
      try {
        if (forEachItemOf === undefined) {
          await stages.runStage(name, execution, request);
          continue;
        }
        const { items = [] } = (await recordOf(execution, forEachItemOf))!.result;
        for (const item of items) await stages.invoke(name, { execution, request, item });
      } catch (error) {
        const { name: errorName, message } = error as Error;
        return { [name]: { Error: errorName, Cause: JSON.stringify({ errorMessage: message }) } };
      }
    }
    return undefined;
  };
  const reportFailure = (failure: unknown, context: { RedriveTime?: string } = {}) =>
    stages.invoke('report-failure', { execution: { ...execution, context }, failure });

  // The vectors vanish after `embed`: `cluster` fails.
  const vectorsKey = artifactKey(runId, 'vectors');
  for (const { name, forEachItemOf } of PIPELINE) {
    if (name === 'cluster') break;
    const items = forEachItemOf && (await recordOf(execution, forEachItemOf))!.result.items;
    for (const item of items ?? []) await stages.invoke(name, { execution, request, item });
    if (forEachItemOf === undefined) await stages.runStage(name, execution, request);
  }
  const vectors = (await stages.store.get(vectorsKey))!.bytes;
  await stages.store.delete(vectorsKey);
  const failure = await runAll();
  expect(Object.keys(failure!)).toEqual(['cluster']);
  await expect(reportFailure(failure)).rejects.toMatchObject({
    name: 'RunFailedError',
    message: expect.stringContaining(`Stage cluster of run ${runId} failed. ArtifactError: `),
  });
  expect(await getJson(stages.store, artifactKey(runId, 'failure'))).toMatchObject({
    runId,
    stage: 'cluster',
    error: 'ArtifactError',
    reads: expect.arrayContaining([vectorsKey]),
    writes: expect.arrayContaining([artifactKey(runId, 'final_product_clusters')]),
  });
  expect(await stages.store.get(CURRENT_KEY)).toBeUndefined();

  // WHEN the answer is lost, the report is asked for once more: the run has failed as before.
  const report = await stages.store.get(artifactKey(runId, 'failure'));
  await expect(reportFailure(failure)).rejects.toMatchObject({ name: 'RunFailedError' });
  expect((await stages.store.get(artifactKey(runId, 'failure')))?.bytes).toEqual(report?.bytes);
  const earlierRedrive = { RedriveTime: new Date(Date.now() - 3_600_000).toISOString() };
  await expect(reportFailure(failure, earlierRedrive)).rejects.toMatchObject({ name: 'RunFailedError' });

  // WHEN it is redriven for nothing, the run goes on, and its next failure is reported anew.
  const laterRedrive = { RedriveTime: new Date(Date.now() + 1).toISOString() };
  await expect(reportFailure(failure, laterRedrive)).resolves.toMatchObject({ resumed: { stage: 'cluster' } });
  await expect(reportFailure(await runAll(), laterRedrive)).rejects.toMatchObject({ name: 'RunFailedError' });

  // WHEN the cause is mended and the execution redriven, which starts at report-failure again.
  await stages.store.put(vectorsKey, vectors);
  // A report that is torn does not keep it from going on.
  await stages.store.put(artifactKey(runId, 'failure'), '{ torn');
  const before = await contents(execution);
  const redrive = { RedriveTime: new Date(Date.now() + 1).toISOString() };
  await expect(reportFailure(failure, redrive)).resolves.toMatchObject({ resumed: { stage: 'cluster' } });
  expect(await runAll()).toBeUndefined();

  const after = await contents(execution);
  for (const stage of stageNames.slice(0, stageNames.indexOf('cluster'))) {
    const key = stageRecordKey(runId, stage);
    expect(after[key]).toBe(before[key]);
  }
  expect(after).not.toHaveProperty(artifactKey(runId, 'failure'));
  expect(await getJson(stages.store, CURRENT_KEY)).toMatchObject({ runId, previous: null });
});

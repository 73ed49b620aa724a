import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';
import type { Manifest } from '../../engine/artifacts/manifest.ts';
import type { Quarantine } from '../../engine/artifacts/quarantine.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';
import type { ClusteringModel } from '../../engine/k-means/cluster-model.ts';
import { S3ArtifactStore } from '../../lambdas/shared/store/s3-artifact-store.ts';
import { serveStage } from '../../scripts/console/serve-stage.ts';
import { listVersions, readVersion } from '../../scripts/forget/object-versions.ts';
import { type Deployment, findStack, requireDeployment } from '../../scripts/lib/deployment.ts';
import { trainingDefinition } from '../../scripts/lib/state-machine-definition.ts';
import { getJson } from '../support/get-json.ts';
import { operatorStory } from './operator-story.ts';
import { Account, eventually } from './support/account.ts';
import { provideClickstream, splitClickstream } from './support/clickstream.ts';
import { openMailbox } from './support/mailbox.ts';
import { type MiniStack, startMiniStack } from './support/ministack.ts';
import { npm, npmFailing, runWell } from './support/processes.ts';
import { ensureVirtualEnvironment } from './support/python.ts';

/**
 * The product's life in an account, told in order: each test goes on from where the one before it stopped. MiniStack
 * enforces TLS, signatures and policies, so a permission that a function lacks fails the run here as it would on AWS.
 */
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('support/requirements.txt', import.meta.url));

/** MiniStack runs Lambdas on this machine's CPU. The rest makes the story short. */
const SETTINGS = {
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  removalPolicy: 'destroy',
  uploadSettleSeconds: '4',
  preset: 'layer',
};

/** Word2Vec then takes longer than a deployment. */
const LONG_EPOCHS = 5_000;

const { removalPolicy: _, ...ITS_SETTINGS } = SETTINGS;
/** `train --add` is to start its run before the upload does, as it would by default. */
const SECOND_SETTINGS = { ...ITS_SETTINGS, uploadSettleSeconds: '20' };

let folder: string;
let ministack: MiniStack;
let account: Account;
let deployment: Deployment;
let apiUrl: string;
let mailbox: Awaited<ReturnType<typeof openMailbox>>;
let store: S3ArtifactStore;
let clickstream: Awaited<ReturnType<typeof provideClickstream>>;
const runs: string[] = [];

const startedAtMs = performance.now();
function tell(text: string): void {
  console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-cloud-test-'));
  const python = await ensureVirtualEnvironment(`${REPOSITORY}.venv`, REQUIREMENTS);
  ministack = await startMiniStack(python, { secured: true });
  Object.assign(process.env, ministack.environment, { CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' });
  account = new Account();
  clickstream = await provideClickstream(folder);
  tell(`An empty account at ${ministack.endpoint}: TLS only, signatures checked, policies enforced.`);
});

afterAll(async () => {
  mailbox?.close();
  await ministack?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a deployment', () => {
  test('is made by cdk bootstrap and npm run deploy', async () => {
    await runWell('npx', ['cdk', 'bootstrap', '--no-notices']);
    tell('cdk bootstrap: done.');
    await account.leaveFailedStack('alike-dev');
    const asked = await npmFailing('recommend', 'A13', '--stage', 'dev');
    expect(asked.stderr).toContain('The last deployment of alike-dev failed (ROLLBACK_COMPLETE)');
    expect(asked.code).toBe(1);
    tell(`A first deployment failed: ${asked.stderr.trim()}`);
    await deploy();
    deployment = await requireDeployment('dev');
    store = new S3ArtifactStore(deployment.bucket, '', account.s3);
    mailbox = await openMailbox(await account.topicOf(deployment.stackName));
    // MiniStack's other address of an API: its host names resolve on few machines.
    apiUrl = `${ministack.endpoint}/_aws/execute-api/${new URL(deployment.apiUrl).hostname.split('.')[0]}/$default`;
    tell(`npm run deploy: bucket ${deployment.bucket}, API ${deployment.apiUrl}.`);
  });

  test('starts one run for ten uploads', async () => {
    const parts = splitClickstream(clickstream.lines, 10);
    for (const [i, part] of parts.entries()) await store.put(`raw/part-${i}.csv`, part);
    tell('Uploaded ten files under raw/.');
    const execution = await finishedExecution(0);
    await new Promise((resolve) => setTimeout(resolve, 1_000 * (2 * Number(SETTINGS.uploadSettleSeconds) + 1)));
    expect(await account.executions(deployment.stateMachineArn)).toHaveLength(1);
    tell(`One run started by itself (${execution.name}) and succeeded; the other nine uploads were in it.`);
  });

  test('runs the one definition that a local run executes', async () => {
    const local = await trainingDefinition();
    const deployed = JSON.parse(await account.definition(deployment.stateMachineArn));
    expect(withoutFunctionNames(deployed)).toEqual(withoutFunctionNames(local));
    const [execution] = await account.executions(deployment.stateMachineArn);
    const states = await account.statesOf(execution.executionArn!);
    const outermost = Object.keys(deployed.States);
    expect(states.filter((name) => outermost.includes(name))).toEqual(statesInOrder(local));
    tell(`The history lists the states of the local definition: ${states.join(' → ')}.`);
  });

  test('leaves every artifact of the run in the bucket', async () => {
    const { runId, previous } = await current();
    expect(previous).toBeNull();
    runs.push(runId);
    const { artifacts } = (await getJson<Manifest>(store, artifactKey(runId, 'manifest')))!;
    expect(Object.keys(artifacts)).toEqual(expect.arrayContaining(SEED_ARTIFACTS));
    const model = (await getJson<ClusteringModel>(store, artifacts['clustering_model']))!;
    const figures: Record<string, number> = {};
    for (const [name, key] of Object.entries(artifacts)) {
      const object = await store.get(key);
      expect(object?.bytes.length, key).toBeGreaterThan(0);
      if (!key.endsWith('.parquet')) continue;
      figures[name] = (await parquetReadObjects({ file: object!.bytes.slice().buffer as ArrayBuffer })).length;
    }
    expect(figures).toMatchObject({
      raw_session_based_clickstream_data: clickstream.lines.length - 1,
      rejected_rows: 0,
      final_product_clusters: model.k,
      ...(clickstream.isEshop && { sequential_products: 18_984, product_ids_and_vectors: 217 }),
    });
    const published = await account.logLines('publish');
    expect(published.some((line) => line.includes('Promoted: it is the first run'))).toBe(true);
    expect(published.some((line) => line.includes('The verdict was sent'))).toBe(true);
    tell(
      `Run ${runId} left ${Object.keys(artifacts).length} artifacts; rows of its datasets: ${JSON.stringify(figures)}.`,
    );
  });

  test('answers callers with credentials, and nobody else', async () => {
    expect((await fetch(`${apiUrl}/v1/products/A13/recommendations`)).status).toBe(403);
    const answer = await recommend();
    expect(answer.modelVersion).toBe(runs[0]);
    expect(answer.items).toHaveLength(5);
    expect(answer.items.map(({ productId }) => productId)).not.toContain('A13');
    tell(`Unsigned: 403. Signed: similar to A13 are ${answer.items.map(({ productId }) => productId).join(', ')}.`);
  });

  test('takes what a feed calls sold out off the shelf within a minute, without a run', async () => {
    const before = await recommend();
    const soldOut = before.items[0].productId;
    const executions = (await account.executions(deployment.stateMachineArn)).length;
    const ids = [...new Set(clickstream.lines.slice(1).map((line) => line.split(';')[7]))];
    const rows = ids.map((id) => `${id},Product ${id},${id === soldOut ? 'sold out' : 'in stock'}\n`);
    await store.put('catalogue/feeds/full/products.csv', `id,title,availability\n${rows.join('')}`);
    const uploadedAtMs = performance.now();
    await eventually('recommendations without the product', 60, async () => {
      const { items } = await recommend();
      return items.some(({ productId }) => productId === soldOut) ? undefined : items;
    });
    const seconds = (performance.now() - uploadedAtMs) / 1_000;
    expect(await account.executions(deployment.stateMachineArn)).toHaveLength(executions);
    tell(
      `Uploaded a feed in which ${soldOut} is sold out: gone from the answers after ${seconds.toFixed(0)} s, without a run.`,
    );

    await store.put('catalogue/feeds/delta/back.csv', `id,availability\n${soldOut},in stock\n`);
    await eventually('recommendations with the product', 60, async () => {
      const { items } = await recommend();
      return items.some(({ productId }) => productId === soldOut) ? items : undefined;
    });
    tell(`Uploaded a delta in which it is in stock: it is back.`);

    await store.put('catalogue/feeds/full/broken.csv', 'sku,title\nA13,Shirt\n');
    const told = await eventually('a message about a feed that cannot be used', 60, async () =>
      mailbox.messages.find((message) => message.includes('broken.csv')),
    );
    expect(told).toMatch(/has no column "id"/);
    expect(lastLine(await npm('catalogue', 'list', '--stage', 'dev'))).toMatch(/previous +full/);
    tell(`A feed without ids changed nothing and was told of: ${told.slice(0, 80)}…`);
  });

  test('obeys published rules within a minute, without a run, and forgets them by a rollback', async () => {
    const [first, second] = (await recommend()).items.map(({ productId }) => productId);
    const file = join(folder, 'rules.json');
    const signed = { author: 'test', note: 'test' };
    const publish = async (...rules: object[]) => {
      await writeFile(file, JSON.stringify({ rules: rules.map((rule, i) => ({ id: `r${i}`, ...signed, ...rule })) }));
      return npm('rules', 'publish', file, '--author', 'test', '--note', 'test', '--stage', 'dev', '--skip-effect');
    };
    const until = (what: string, holds: (ids: string[]) => boolean) =>
      eventually(what, 60, async () => {
        const ids = (await recommend()).items.map(({ productId }) => productId);
        return holds(ids) ? ids : undefined;
      });
    expect(await publish({ type: 'exclude', products: [first] })).toContain('are live');
    const publishedAtMs = performance.now();
    await until('recommendations without the excluded product', (ids) => !ids.includes(first));
    const seconds = (performance.now() - publishedAtMs) / 1_000;
    await publish({ type: 'pin', product: first, position: 2 });
    await until('the pinned product at its place', (ids) => ids[0] === second && ids[1] === first);
    await npm('rules', 'rollback', '--stage', 'dev');
    await until('the rules before', (ids) => !ids.includes(first));
    await publish();
    await until('no rules', (ids) => ids[0] === first);
    tell(
      `npm run rules -- publish: an excluded product was gone after ${seconds.toFixed(0)} s; a pin held, and a rollback brought the rules before back.`,
    );
  });

  test('is trained from the command line on one file alone, which no later run reads', async () => {
    const before = (await account.executions(deployment.stateMachineArn)).length;
    const summary = JSON.parse(
      lastLine(
        await npm(
          'train',
          '--stage',
          'dev',
          '--data',
          clickstream.path,
          '--format',
          'eshop',
          '--preset',
          'layer',
          '--set',
          'k=12',
          '--json',
        ),
      ),
    );
    expect(summary.verdict.promoted).toBe(true);
    runs.push(summary.runId);
    expect(await current()).toMatchObject({ runId: runs[1], previous: runs[0] });
    await new Promise((resolve) => setTimeout(resolve, 1_000 * (Number(SETTINGS.uploadSettleSeconds) + 2)));
    expect(await account.executions(deployment.stateMachineArn)).toHaveLength(before + 1);
    expect((await store.list('raw/_alone/')).length).toBe(1);
    tell(`npm run train -- --stage dev --data …: run ${runs[1]} is live after ${summary.seconds.toFixed(1)} s.`);
  });

  test('retrains at once on all uploads with its own columns and settings, but for what is typed', async () => {
    const output = await npm('train', '--stage', 'dev', '--set', 'k=7', '--force', '--json');
    const { runId, stages } = JSON.parse(lastLine(output));
    runs.push(runId);
    expect(stages.ingest.counts.rows).toBe(clickstream.lines.length - 1);
    const request = (await getJson<TrainingRequest>(store, artifactKey(runId, 'request')))!;
    expect(request).toMatchObject({ source: 'raw/', preset: 'layer', settings: { k: 7, window: 5 } });
    for (const { seconds } of Object.values<{ seconds: number }>(stages)) expect(seconds).toBeLessThan(120);
    tell(`npm run train -- --stage dev --set k=7: run ${runId} read all of raw/.`);
  });

  test('is updated in place, and a run that is under way ends on the code that it began with', async () => {
    const before = await account.resources(deployment.stackName);
    const training = npm('train', '--stage', 'dev', '--set', `epochs=${LONG_EPOCHS}`, '--force', '--json');
    const execution = await eventually('the run to be under way', 60, async () =>
      (await account.executions(deployment.stateMachineArn)).find(({ status }) => status === 'RUNNING'),
    );
    await npm(
      'deploy',
      '--yes',
      '--set',
      'throttleRate=50',
      '--set',
      'recommendMemoryMb=1024',
      '--set',
      'training={"k":9}',
    );
    const after = await account.resources(deployment.stackName);
    // A published version that is replaced stays, for the run that calls it.
    const inPlace = (resources: Record<string, string>) =>
      Object.fromEntries(Object.entries(resources).filter(([, text]) => !text.startsWith('AWS::Lambda::Version ')));
    expect(inPlace(after)).toEqual(inPlace(before));
    const versionsOf = (resources: Record<string, string>) =>
      Object.values(resources).filter((text) => /AWS::Lambda::Version .*publish/.test(text));
    expect(versionsOf(after)).not.toEqual(versionsOf(before));
    expect((await account.executions(deployment.stateMachineArn))[0]).toMatchObject({
      ...execution,
      status: 'RUNNING',
    });
    const summary = JSON.parse(lastLine(await training));
    runs.push(summary.runId);
    const lines = await account.logLines('publish');
    const called = lines.flatMap((line) =>
      line.includes(summary.runId) ? (/"function_arn":"([^"]+)"/.exec(line)?.[1] ?? []) : [],
    );
    expect(versionsOf(before).map((text) => text.split(' ')[1])).toContain(called[0]);
    const settings = { ...deployment.settings, throttleRate: 50, recommendMemoryMb: 1024, training: { k: 9 } };
    expect(await requireDeployment('dev')).toEqual({ ...deployment, settings });
    expect(await current()).toMatchObject({ runId: runs[3] });
    tell(
      `npm run deploy with other settings during run ${summary.runId}: nothing was replaced but published versions, and the run ended on the version that it began with, ${called[0]}.`,
    );
  });

  test('keeps its settings, and asks before somebody loses something', async () => {
    await npm('deploy', '--yes', '--set', 'access=public', '--set', 'alarmEmail=ops@shop.example');
    expect((await fetch(`${apiUrl}/v1/products/A13/recommendations`)).status).toBe(200);
    for (const path of ['model', 'runs', 'clusters']) expect((await fetch(`${apiUrl}/v1/${path}`)).status).toBe(403);

    const { code, stderr } = await npmFailing('deploy', '--set', 'access=iam', '--unset', 'alarmEmail');
    expect(code).toBe(1);
    expect(stderr).toContain('access: public → iam');
    expect(stderr).toContain('ops@shop.example is no longer told');
    expect(stderr).toMatch(/Nothing was deployed\..*--yes/s);
    expect((await requireDeployment('dev')).settings).toMatchObject({ access: 'public', throttleRate: 50 });

    const status = await npm('status', '--stage', 'dev');
    expect(status).toContain(`bucket      ${deployment.bucket}`);
    expect(status).toContain('access=public');
    expect(status).toContain(`live run    ${(await current()).runId}`);
    tell(
      `With access public a shop page is answered, /v1/model, /v1/runs and /v1/clusters are not. To narrow it asks:\n${stderr}`,
    );
    tell(`npm run status -- --stage dev:\n${status}`);
    await npm('deploy', '--yes', '--set', 'access=iam', '--unset', 'alarmEmail');
  });

  test('trains without an upload that cannot be read, and tells of it once', async () => {
    const before = (await account.executions(deployment.stateMachineArn)).length;
    await store.put('raw/cut.csv.gz', gzipSync(clickstream.lines.slice(0, 1_000).join('\n')).subarray(0, 2_000));
    await finishedExecution(before);
    const { runId } = await current();
    runs.push(runId);
    const quarantine = (await getJson<Quarantine>(store, artifactKey(runId, 'quarantine')))!;
    expect(quarantine.files).toMatchObject([
      {
        name: 'raw/cut.csv.gz',
        sizeBytes: 2_000,
        reason: expect.stringContaining('cannot be decompressed'),
        firstRun: runId,
      },
    ]);
    expect((await getJson<Manifest>(store, artifactKey(runId, 'manifest')))!.inputs).toHaveLength(10);
    const report = (await getJson<RunReport>(store, artifactKey(runId, 'report')))!;
    expect(report.verdict.reason).toContain('1 of 11 files');
    const told = async () =>
      (await account.logLines('ingest')).filter(
        (line) => line.includes('"_aws"') && line.includes('"newUnreadableFiles":1'),
      );
    expect(await told()).toHaveLength(1);
    await account.putMetric('Alike', 'newUnreadableFiles', { service: 'alike-dev', stage: 'ingest' });
    await eventually('the alarm FileUnreadable', 60, async () =>
      (await account.alarms('alike-dev-')).get('alike-dev-file-unreadable') === 'ALARM' ? true : undefined,
    );
    await eventually('a mail of the alarm', 30, async () =>
      mailbox.messages.some((text) => text.includes('alike-dev-file-unreadable')) ? true : undefined,
    );
    const table = await npm('runs', '--stage', 'dev');
    expect(table).toContain(`Run ${runId} left out a file that cannot be read:\n  raw/cut.csv.gz is gzip but`);

    const again = JSON.parse(lastLine(await npm('train', '--stage', 'dev', '--json')));
    expect(again.verdict.outcome).toBe('unchanged');
    expect(again.notes[0]).toContain('raw/cut.csv.gz is gzip but cannot be decompressed');
    expect(await told()).toHaveLength(1);
    await store.delete('raw/cut.csv.gz');
    tell(
      `An upload that was cut off is left out, in run ${runId} and in the next, which tells nobody again:\n${table}`,
    );
  });

  test('retrains when its schedule is due', async () => {
    const before = (await account.executions(deployment.stateMachineArn)).length;
    const weekly = await account.reschedule('rate(1 minute)');
    await eventually('a run that the schedule started', 90, async () =>
      (await account.executions(deployment.stateMachineArn)).length > before ? true : undefined,
    );
    await account.reschedule(weekly);
    const { name } = await finishedExecution(before);
    tell(`The schedule was made due, and a run started (${name}) and succeeded.`);
  });

  test('reports a stage that fails, and keeps answering', async () => {
    const live = await current();
    const broken = join(folder, 'broken.csv');
    await writeFile(broken, 'visit,sku\n1,A13\n');
    const { code, stderr } = await npmFailing(
      'train',
      '--stage',
      'dev',
      '--data',
      broken,
      '--format',
      'eshop',
      '--json',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/Stage ingest failed\..*session ID/s);
    const [execution] = await account.executions(deployment.stateMachineArn);
    expect(execution.status).toBe('FAILED');

    const reports = (await store.list('runs/')).filter(({ key }) => key.endsWith('/failure.json'));
    const report = await getJson<{ stage: string; cause: string }>(store, reports.at(-1)!.key);
    expect(report).toMatchObject({ stage: 'ingest', cause: expect.stringContaining('session ID') });
    const table = await npm('runs', '--stage', 'dev');
    // MiniStack names no error by its class, which the fix follows from: test/lambdas/report-failure has them all.
    expect(table).toMatch(/failed in ingest\.\nCause: .*session ID.*\nFix: {3}\S/);
    expect((await account.logLines('reportfailure')).some((line) => line.includes('"RunFailed":1'))).toBe(true);
    const told = await eventually('a message about the failed run', 60, async () =>
      mailbox.messages.find(
        (text) => text.includes('ended as FAILED') && text.includes(`its execution is ${execution.name}`),
      ),
    );
    expect(await current()).toEqual(live);
    expect((await recommend()).items).toHaveLength(5);
    tell(
      `A broken file: "${report!.cause.slice(0, 80)}…" in failure.json, A13 is still answered, and the topic tells: ${told}`,
    );
  });

  test('rolls back by one conditional write', async () => {
    const { runId, previous } = await current();
    await npm('rollback', '--stage', 'dev');
    expect(await current()).toMatchObject({ runId: previous, previous: runId });
    await eventually('the API answers from the previous run', 60, async () =>
      (await recommend()).modelVersion === previous ? true : undefined,
    );
    tell(`npm run rollback: ${previous} answers again.`);
  });

  test("has a console on the operator's machine, which promotes and rolls back", async () => {
    const { runId, previous } = await current();
    const server = await serveStage('dev', { apiUrl, bucket: deployment.bucket }, 0);
    try {
      const ask = async (path: string, init?: RequestInit) => {
        const response = await fetch(`${server.url}${path}`, init);
        return response.json() as Promise<Record<string, unknown>>;
      };
      const act = (action: string, body: object) =>
        ask(`/console/${action}`, { method: 'POST', headers: { origin: server.url }, body: JSON.stringify(body) });
      // The API refuses who has no credentials: the console's server signs.
      expect(await ask('/v1/runs/live/report')).toMatchObject({ runId, report: { runId } });
      const { items } = (await ask('/v1/runs')) as unknown as { items: { runId: string; status: string }[] };
      expect(new Set(items.map(({ status }) => status))).toContain('failed');
      const paths = ['runs/live/data', 'runs/live/rejected-rows', 'map', 'clusters', 'rules', 'catalogue'];
      // The function that answers may read what these need.
      for (const path of [...paths, ...items.map(({ runId: id }) => `runs/${id}`)]) {
        expect((await fetch(`${server.url}/v1/${path}`)).status, path).toBe(200);
      }
      expect(await ask('/console/session')).toEqual({ place: 'stage dev', mayPromote: true });
      expect(await ask(`/console/runs/${previous}/v1/model`)).toMatchObject({ modelVersion: previous });
      expect(await (await fetch(`${server.url}/`)).text()).toContain('<div id="app">');
      expect(await act('promote', { runId: previous, liveRunId: runId })).toEqual({ runId: previous, before: runId });
      expect(await current()).toMatchObject({ runId: previous, previous: runId });
      expect(await act('rollback', { liveRunId: previous })).toEqual({ runId, before: previous });
      expect(await current()).toMatchObject({ runId, previous });
    } finally {
      await server.close();
    }
    tell(`npm run console: showed the live run, promoted ${previous} and rolled back.`);
  });

  test('lets a run expire once it is neither live nor what a rollback returns to', async () => {
    const served = (await store.list('runs/')).filter(({ key }) => key.endsWith('/serving/index.bin'));
    const runIds = served.map(({ key }) => key.split('/')[1]);
    const newest = runIds.at(-1)!;
    await npm('promote', newest, '--stage', 'dev');
    const { runId, previous } = await current();
    expect(runId).toBe(newest);
    const tagsOf = async (run: string) => account.tagsOf(deployment.bucket, artifactKey(run, 'serving'));
    const others = runIds.filter((run) => run !== runId && run !== previous);
    expect(others.length).toBeGreaterThan(0);
    for (const run of others) {
      await eventually(`the tag of run ${run}`, 30, async () =>
        (await tagsOf(run))['alike-run'] === 'retired' ? true : undefined,
      );
    }
    for (const run of [runId, previous!]) expect(await tagsOf(run)).toEqual({});
    tell(`npm run promote -- ${newest}: of ${runIds.length} runs, ${others.join(', ')} may expire.`);
  });

  operatorStory(() => ({ ministack, deployment, clicks: clickstream.path, settings: SECOND_SETTINGS, tell }));

  test('forgets a visitor: nothing is left in any version of any object', async () => {
    const [header, first] = clickstream.lines;
    const delimiter = header.includes(';') ? ';' : ',';
    const position = header.split(delimiter).findIndex((name) => /session ID/.test(name));
    const session = first.split(delimiter)[position];
    const { code, stderr } = await npmFailing('forget', '--stage', 'dev', '--session', session, '--yes');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nothing was changed\. raw\/_alone\/broken\.csv has no column "session ID"/);
    await store.delete('raw/_alone/broken.csv');

    const receipt = JSON.parse(await npm('forget', '--stage', 'dev', '--session', session, '--yes'));
    expect(Object.keys(receipt.rewritten)).toContain('raw/part-0.csv');
    expect(receipt.liveRun).toBe((await current()).runId);
    expect((await current()).previous).toBeNull();
    const kept = await listVersions(account.s3, deployment.bucket, '');
    expect(new Set(kept.flatMap(({ key }) => (key.startsWith('runs/') ? [key.split('/')[1]] : [])))).toEqual(
      new Set([receipt.liveRun]),
    );
    for (const version of kept.filter(({ key, isMarker }) => key.startsWith('raw/') && !isMarker)) {
      const bytes = await readVersion(account.s3, deployment.bucket, version);
      const text = Buffer.from(version.key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      const cells = text.split(/\r?\n/).map((line) => line.split(delimiter)[position]);
      expect(cells, version.key).not.toContain(session);
    }
    const trained = await store.get(artifactKey(receipt.liveRun, 'raw_session_based_clickstream_data'));
    const rows = await parquetReadObjects({ file: trained!.bytes.slice().buffer as ArrayBuffer });
    const column = ['session ID', 'session_id'].find((name) => rows[0] !== undefined && name in rows[0]);
    expect(column).toBeDefined();
    expect(rows.map((row) => String(row[column!]))).not.toContain(session);
    tell(`npm run forget -- --session ${session}: ${JSON.stringify(receipt)}`);
  });

  test('is removed without a trace', async () => {
    await npm('destroy', '--yes');
    expect(await findStack('dev')).toBeUndefined();
    expect((await account.buckets()).filter((name) => name.startsWith('alike-'))).toEqual([]);
    expect((await account.logGroups()).filter((name) => name.includes('alike-'))).toEqual([]);
    expect((await account.functions()).filter((name) => name.includes('alike-'))).toEqual([]);
    expect(await account.alarms('alike-')).toEqual(new Map());
    expect(await account.schedules('alike-dev-')).toEqual([]);
    tell('npm run destroy: no stack, bucket, log group, function, alarm or schedule is left.');
  });
});

const SEED_ARTIFACTS = [
  'raw_session_based_clickstream_data',
  'sequential_products',
  'product_ids_and_vectors',
  'clustering_model',
  'final_product_clusters',
];

function deploy(changes: Record<string, string> = {}): Promise<string> {
  const settings = Object.entries({ ...SETTINGS, ...changes });
  return npm('deploy', '--yes', ...settings.flatMap(([name, value]) => ['--set', `${name}=${value}`]));
}

async function current(): Promise<CurrentPointer> {
  return (await getJson<CurrentPointer>(store, CURRENT_KEY))!;
}

async function recommend(): Promise<{ modelVersion: string; items: { productId: string }[] }> {
  return JSON.parse(lastLine(await npm('recommend', 'A13', '--url', apiUrl, '--json')));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!;
}

/** The newest execution when there are more than `before`, and it has ended well. */
function finishedExecution(before: number) {
  return eventually('a new execution that has succeeded', 150, async () => {
    const executions = await account.executions(deployment.stateMachineArn);
    const execution = executions.length > before ? executions[0] : undefined;
    if (execution?.status === 'FAILED') throw new Error(`${execution.name} failed.`);
    return execution?.status === 'SUCCEEDED' ? execution : undefined;
  });
}

/** A definition but for the one thing that differs from account to account. */
function withoutFunctionNames(definition: unknown): unknown {
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === 'FunctionName' ? 'function' : value)));
}

interface Definition {
  StartAt?: string;
  States: Record<string, unknown>;
}

/** The outermost states of a run in which nothing fails and something is new. */
function statesInOrder(definition: Definition): string[] {
  const names: string[] = [];
  for (let name = definition.StartAt; name !== undefined; ) {
    names.push(name);
    const { Next, Default } = definition.States[name] as { Next?: string; Default?: string };
    name = Next ?? Default;
  }
  return names;
}

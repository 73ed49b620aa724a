import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { CurrentPointer } from '../../engine/artifacts/current-pointer.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { ConflictError } from '../../engine/errors.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import { promoteRun } from '../../lambdas/shared/runs/promotion.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { S3ArtifactStore } from '../../lambdas/shared/store/s3-artifact-store.ts';
import { lambdaContext } from '../../scripts/lib/lambda-context.ts';
import { useWorkspace } from '../../scripts/lib/workspace.ts';
import { type Execution, newExecution } from '../support/stages.ts';
import { type FaultyS3, STORE_FAULTS, type StoreFault, startFaultyS3 } from './support/faulty-s3.ts';
import { isShort, SEED, tally } from './support/tally.ts';
import { DATASETS, REQUEST, runStages, sampleClicks } from './support/trained-runs.ts';

const TRAININGS = isShort ? 1 : 8;
const PUBLISHES = isShort ? 10 : 200;
/** Of all requests. Few of them write, and few read the pointer: only these can lose an answer or be stale. */
const FAULT_RATE = 0.15;
const RARE_RATE = 0.4;
/** A stage that failed is run again, as the state machine and a redrive do. */
const ATTEMPTS = 12;
const BUCKET = 'faults';

let fault: StoreFault | undefined;
let isFaulty = false;
let proxy: FaultyS3;
/** Past the proxy. */
let direct: ArtifactStore;
let folder: string;
let undisturbed: string;
const random = seededRandom(SEED);

beforeAll(async () => {
  const endpoint = process.env['AWS_ENDPOINT_URL_S3']!;
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  direct = new S3ArtifactStore(BUCKET, '', client);
  folder = await mkdtemp(join(tmpdir(), 'alike-store-'));
  await direct.put(REQUEST.source, await sampleClicks(folder));
  proxy = await startFaultyS3(endpoint, () => (isFaulty && random() < rateOf(fault) ? fault : undefined));
  // The handlers read it when they are loaded.
  useWorkspace(folder);
  process.env['ALIKE_STORE_URI'] = `s3://${BUCKET}`;
  process.env['AWS_ENDPOINT_URL_S3'] = proxy.endpoint;
  ({ runId: undisturbed } = await train());
});
afterAll(async () => {
  proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A training reads the pointer, which alone can be stale, once or twice. */
test.each(STORE_FAULTS.filter((kind) => kind !== 'stale'))(
  'trainings on a store with the fault %s end as on a sound one',
  async (kind) => {
    fault = kind;
    const before = proxy.injected();
    const lost: string[] = [];
    let redriven = 0;
    for (let training = 0; training < TRAININGS; training++) {
      isFaulty = true;
      const { runId, failures } = await train().finally(() => {
        isFaulty = false;
      });
      redriven += failures.length;
      for (const failure of failures) if (/^\s+at /m.test(failure)) lost.push(`no message for people: ${failure}`);
      for (const dataset of DATASETS) {
        const [found, expected] = await Promise.all(
          [runId, undisturbed].map((id) => direct.get(artifactKey(id, dataset))),
        );
        if (Buffer.compare(found!.bytes, expected!.bytes) !== 0) lost.push(`${dataset} of ${runId} has other bytes`);
      }
      const current = await livePointer();
      if (current?.runId !== runId) lost.push(`${runId} is not live, ${current?.runId} is`);
    }
    const injected = proxy.injected() - before;
    tally({
      fault: `store while training: ${kind}`,
      injected,
      survived: injected - Math.min(injected, lost.length),
      lost: lost.length,
      remark: `trainings: ${TRAININGS}; stages that failed with a message and were redriven: ${redriven}`,
    });
    expect(lost).toEqual([]);
    expect(injected).toBeGreaterThan(0);
  },
);

test.each(STORE_FAULTS)('publishes on a store with the fault %s happen wholly or not at all', async (kind) => {
  fault = kind;
  const { runId: other } = await train();
  const store = new S3ArtifactStore(BUCKET, '', new S3Client({ forcePathStyle: true, endpoint: proxy.endpoint }));
  const before = proxy.injected();
  const lost: string[] = [];
  const counts = { moved: 0, gaveWay: 0, failed: 0 };
  isFaulty = true;
  for (let publish = 0; publish < PUBLISHES; publish++) {
    const runId = publish % 2 === 0 ? undisturbed : other;
    const live = await livePointer();
    const at = new Date(1.8e12 + publish).toISOString();
    const error: unknown = await promoteRun(store, runId, at).then(
      () => undefined,
      (thrown) => thrown,
    );
    const now = await livePointer();
    const stayed = JSON.stringify(now) === JSON.stringify(live);
    const hasMoved = now?.runId === runId && now.previous === live?.runId;
    // What is live already need not be published; a stale read takes what was live for what is.
    const isDone = hasMoved || (stayed && (now?.runId === runId || kind === 'stale'));
    if (error === undefined && !isDone) lost.push(`publish of ${runId} said yes and left ${JSON.stringify(now)}`);
    // An answer that got lost may have been that of a write.
    if (error !== undefined && !stayed && !hasMoved)
      lost.push(`publish of ${runId} failed and left ${JSON.stringify(now)}`);
    counts[error === undefined ? 'moved' : error instanceof ConflictError ? 'gaveWay' : 'failed']++;
  }
  isFaulty = false;
  const injected = proxy.injected() - before;
  tally({
    fault: `store while publishing: ${kind}`,
    injected,
    survived: injected - Math.min(injected, lost.length),
    lost: lost.length,
    remark: `${counts.moved} published, ${counts.gaveWay} gave way, ${counts.failed} failed and said so`,
  });
  expect(lost).toEqual([]);
});

function rateOf(kind: StoreFault | undefined): number {
  return kind === 'answer lost' || kind === 'stale' ? RARE_RATE : FAULT_RATE;
}

async function livePointer(): Promise<CurrentPointer | undefined> {
  return (await readCurrent(direct))?.pointer;
}

/** @returns what stages said that failed and were run again. */
async function train(): Promise<{ runId: string; failures: string[] }> {
  const execution = newExecution(new Date().toISOString());
  const failures: string[] = [];
  await runStages(execution, async (stage, _, item) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await invoke(stage, execution, item);
      } catch (error) {
        failures.push(`${stage}: ${(error as Error).message}`);
        if (attempt === ATTEMPTS) throw error;
      }
    }
  });
  return { runId: runIdOf(execution), failures };
}

async function invoke(stage: string, execution: Execution, item: string | undefined): Promise<StageResult> {
  const { handler } = await import(`../../lambdas/${stage}/handler.ts`);
  return handler({ execution, request: REQUEST, ...(item !== undefined && { item }) }, lambdaContext(stage, 900));
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { nameAfter } from '../../../lambdas/start-training/start-due-run.ts';
import { resumeTrainingInCloud, runTrainingInCloud } from '../../../scripts/lib/cloud-run.ts';
import type { Deployment } from '../../../scripts/lib/deployment.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

/** Step Functions as far as runs need it, in its own protocol (AWS JSON 1.0). MiniStack has no redrive. */
let server: Server;
/** How often another run is found under way. */
let runningLooks: number;
/** A trigger has started this one since the last look. */
let taken: string | undefined;
/** Of the one that was started last. */
let latest: string | undefined;
let asked: [string, Record<string, unknown>][];
const MACHINE = 'arn:aws:states:eu-west-1:1:stateMachine:alike-dev';
const executionArn = (name: string) => `arn:aws:states:eu-west-1:1:execution:alike-dev:${name}`;
const STARTED = 1_795_661_705.123;
const RUN = runIdOf({ id: executionArn('b'), startedAt: new Date(STARTED * 1000).toISOString() });
const result = { runId: RUN, keys: {}, counts: { rows: 3 } };

const ANSWERS: Record<string, (input: Record<string, unknown>) => object> = {
  ListExecutions: ({ statusFilter, nextToken, maxResults }) => {
    const execution = (name: string, startDate: number) => ({ executionArn: executionArn(name), name, startDate });
    if (statusFilter === 'RUNNING') return { executions: runningLooks-- > 0 ? [execution('b', STARTED)] : [] };
    if (maxResults === 1) return { executions: latest === undefined ? [] : [execution(latest, STARTED)] };
    return nextToken === undefined
      ? { executions: [execution('c', STARTED + 60)], nextToken: 'more' }
      : { executions: [execution('b', STARTED), execution('a', STARTED - 60)] };
  },
  StartExecution: () => ({ executionArn: executionArn('d'), startDate: STARTED + 100 }),
  RedriveExecution: () => ({ redriveDate: STARTED + 100 }),
  DescribeExecution: () => ({ status: 'SUCCEEDED' }),
  GetExecutionHistory: () => ({
    events: [
      { id: 1, type: 'TaskStateEntered', timestamp: STARTED + 101, stateEnteredEventDetails: { name: 'ingest' } },
      {
        id: 2,
        type: 'TaskStateExited',
        timestamp: STARTED + 105,
        stateExitedEventDetails: { name: 'ingest', output: JSON.stringify({ results: { ingest: result } }) },
      },
    ],
  }),
};

beforeEach(async () => {
  asked = [];
  runningLooks = 0;
  taken = undefined;
  latest = 'b';
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(request.headers['x-amz-target']).split('.')[1];
    const input = JSON.parse(Buffer.concat(chunks).toString());
    asked.push([action, input]);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (action === 'StartExecution' && input.name === taken) {
      latest = 'c';
      runningLooks = 1;
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: 'ExecutionAlreadyExists', message: `${input.name} exists` }));
      return;
    }
    response.end(JSON.stringify(ANSWERS[action](input)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

const deployment = { stackName: 'alike-dev', stateMachineArn: MACHINE } as Deployment;
const events = { stageStarted: vi.fn(), stageFinished: vi.fn(), stageFailed: vi.fn() };

it('a run is resumed by redriving the execution that it is, found by its id', async () => {
  const { run, seconds } = await resumeTrainingInCloud(deployment, RUN, events, { nowMs: 0 });
  expect(run).toEqual({ runId: RUN, results: { ingest: result } });
  expect(seconds).toBeCloseTo(5, 3);
  expect(asked.filter(([action]) => action === 'RedriveExecution').map(([, input]) => input['executionArn'])).toEqual([
    executionArn('b'),
  ]);
  expect(events.stageFinished).toHaveBeenCalledWith('ingest', undefined, result);
});

it('a run that no execution is, is refused before anything is redriven', async () => {
  const unknown = resumeTrainingInCloud(deployment, '20260101T000000000Z-00000000', events, { nowMs: 0 });
  await expect(unknown).rejects.toMatchObject({
    name: 'NotFoundError',
    message: expect.stringContaining('No execution of alike-dev is run "20260101T000000000Z-00000000"'),
  });
  expect(asked.map(([action]) => action)).not.toContain('RedriveExecution');
});

const startsOf = () => asked.filter(([action]) => action === 'StartExecution').map(([, input]) => input);

it('GIVEN a run that has begun since the upload THEN it is named once, and the new one starts when it has ended', async () => {
  runningLooks = 3;
  const tellWaiting = vi.fn();
  const { run, seconds } = await runTrainingInCloud(deployment, { force: true }, events, { nowMs: 0 }, tellWaiting);
  expect(tellWaiting.mock.calls).toEqual([[RUN]]);
  expect(runningLooks).toBe(-1);
  expect(startsOf()).toEqual([
    { stateMachineArn: MACHINE, name: nameAfter(executionArn('b')), input: '{"force":true}' },
  ]);
  expect(run.results).toEqual({ ingest: result });
  expect(seconds).toBeCloseTo(5, 3);
});

it('GIVEN a trigger that starts a run at the same moment THEN it is waited for', async () => {
  taken = nameAfter(executionArn('b'));
  const tellWaiting = vi.fn();
  await runTrainingInCloud(deployment, { force: true }, events, { nowMs: 0 }, tellWaiting);
  expect(tellWaiting).toHaveBeenCalledOnce();
  expect(startsOf().map(({ name }) => name)).toEqual([taken, nameAfter(executionArn('c'))]);
});

it('GIVEN no run at all THEN the first starts at once, and nothing is said', async () => {
  latest = undefined;
  const tellWaiting = vi.fn();
  await runTrainingInCloud(deployment, {}, events, { nowMs: 0 }, tellWaiting);
  expect(tellWaiting).not.toHaveBeenCalled();
  expect(startsOf()).toMatchObject([{ name: 'after-none' }]);
});

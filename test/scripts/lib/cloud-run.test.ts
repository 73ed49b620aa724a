import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { resumeTrainingInCloud } from '../../../scripts/lib/cloud-run.ts';
import type { Deployment } from '../../../scripts/lib/deployment.ts';

/** Step Functions as far as a redrive needs it, in its own protocol (AWS JSON 1.0). MiniStack has no redrive. */
let server: Server;
let asked: [string, Record<string, unknown>][];
const MACHINE = 'arn:aws:states:eu-west-1:1:stateMachine:alike-dev';
const executionArn = (name: string) => `arn:aws:states:eu-west-1:1:execution:alike-dev:${name}`;
const STARTED = 1_795_661_705.123;
const RUN = runIdOf({ id: executionArn('b'), startedAt: new Date(STARTED * 1000).toISOString() });
const result = { runId: RUN, keys: {}, counts: { rows: 3 } };

const ANSWERS: Record<string, (input: Record<string, unknown>) => object> = {
  ListExecutions: ({ statusFilter, nextToken }) => {
    if (statusFilter === 'RUNNING') return { executions: [] };
    const execution = (name: string, startDate: number) => ({ executionArn: executionArn(name), name, startDate });
    return nextToken === undefined
      ? { executions: [execution('c', STARTED + 60)], nextToken: 'more' }
      : { executions: [execution('b', STARTED), execution('a', STARTED - 60)] };
  },
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
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(request.headers['x-amz-target']).split('.')[1];
    const input = JSON.parse(Buffer.concat(chunks).toString());
    asked.push([action, input]);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
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

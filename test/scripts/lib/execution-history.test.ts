import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ExecutionHistory } from '../../../scripts/lib/execution-history.ts';

const result = { runId: 'r1', keys: { corpus: 'runs/r1/corpus/corpus.bin' }, counts: { sessions: 3 } };

function historyOf(...states: { name: string; output?: unknown }[]): HistoryEvent[] {
  return states.map(({ name, output }, i) => ({
    id: i + 1,
    timestamp: new Date(i * 1_000),
    type: output === undefined ? 'TaskStateEntered' : 'TaskStateExited',
    ...(output === undefined
      ? { stateEnteredEventDetails: { name } }
      : { stateExitedEventDetails: { name, output: JSON.stringify(output) } }),
  }));
}

function recorder() {
  const told: string[] = [];
  const events = {
    stageStarted: (stage: string) => told.push(`${stage} started`),
    stageFinished: (stage: string) => told.push(`${stage} finished`),
    stageFailed: (stage: string) => told.push(`${stage} failed`),
  };
  const clock = { nowMs: 0 };
  return { told, clock, history: new ExecutionHistory(events, clock) };
}

test('each event counts once, however often the history is read, at the time it has', () => {
  const { told, clock, history } = recorder();
  const events = historyOf({ name: 'ingest' }, { name: 'ingest', output: { results: { ingest: result } } });
  for (const event of [events[0], ...events, ...events]) history.take(event);
  expect(told).toEqual(['ingest started', 'ingest finished']);
  expect(history.results).toEqual({ ingest: result });
  expect(clock.nowMs).toBe(1_000);
});

test('a stage that failed is told with its own words; the failure report is no stage', () => {
  const { told, history } = recorder();
  const Cause = JSON.stringify({ errorType: 'InputError', errorMessage: 'There is no column "sku".' });
  for (const event of historyOf(
    { name: 'ingest' },
    { name: 'ingest', output: { failure: { ingest: { Error: 'InputError', Cause } } } },
    { name: 'report-failure' },
  )) {
    history.take(event);
  }
  expect(told).toEqual(['ingest started', 'ingest failed']);
  expect(history.failure).toBe('Stage ingest failed. There is no column "sku".');
});

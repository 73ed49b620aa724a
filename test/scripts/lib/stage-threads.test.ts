import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { StageThreads } from '../../../scripts/lib/stage-threads.ts';

/** Answers with its thread's number and the payload; a payload `die` ends the thread. */
const ECHO = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ payload }) => {
      if (payload === 'die') process.exit(1);
      setTimeout(() => parentPort.postMessage({ result: { threadId, payload } }), 20);
    });
  `)}`,
);
let threads: StageThreads;
afterEach(() => threads.close());

const call = (payload: unknown, stage = 'backtest') => ({ stage, payload, timeoutSeconds: 900 });

describe('invocations', () => {
  test('more than there are threads are all answered, each with its own answer, on so many threads', async () => {
    threads = new StageThreads(2, ECHO);
    const answers = (await Promise.all([1, 2, 3, 4, 5].map((n) => threads.invoke(call(n))))) as {
      threadId: number;
      payload: number;
    }[];
    expect(answers.map(({ payload }) => payload)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(2);
  });

  test('a thread that dies fails its own invocation alone', async () => {
    threads = new StageThreads(1, ECHO);
    const outcomes = await Promise.allSettled(['die', 1, 2].map((payload) => threads.invoke(call(payload))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect((outcomes[0] as PromiseRejectedResult).reason.message).toContain('backtest ended with 1');
  });

  test('a thread that ended while it was idle is not asked again', async () => {
    threads = new StageThreads(2, ECHO);
    const started = once(process, 'worker') as Promise<[Worker]>;
    await threads.invoke(call(1));
    const [worker] = await started;
    await worker.terminate();
    expect(await threads.invoke(call(2))).toMatchObject({ payload: 2 });
  });
});

describe('once the threads are closed', () => {
  test('what is under way fails, and what waits fails rather than start a thread', async () => {
    threads = new StageThreads(1, ECHO);
    const outcomes = Promise.allSettled([1, 2, 3].map((n) => threads.invoke(call(n))));
    await threads.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('what comes later is refused', async () => {
    threads = new StageThreads(2, ECHO);
    await threads.invoke(call(1));
    await threads.close();
    await expect(threads.invoke(call(2))).rejects.toThrow('were closed');
  });
});

test("a handler's error comes with its name and message, which the state machine goes by", async () => {
  process.env['ALIKE_STORE_URI'] ??= 'file:///tmp/alike-stage-threads-test';
  threads = new StageThreads(1);
  const failure = threads.invoke(call({ no: 'execution' }));
  await expect(failure).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining('A stage expects {execution: {id, startedAt}, request}'),
  });
});

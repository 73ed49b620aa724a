import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  askAgain,
  settlementOf,
  startDueRun,
  type TrainingRun,
  type TrainingRuns,
  UPLOAD_STEP_SECONDS,
} from '../../../lambdas/start-training/start-due-run.ts';

interface Started {
  name: string;
  atMs: number;
  state?: TrainingRun['state'];
  /** Reads something that somebody named, and nothing else. */
  alone?: boolean;
}

/** A state machine whose runs take `durationMs` and succeed unless told otherwise, under a clock that the test moves. */
class SimulatedRuns implements TrainingRuns {
  nowMs = 0;
  uploads = true;
  readonly started: Started[] = [];
  readonly #durationMs: number;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  async latest(): Promise<TrainingRun[]> {
    return this.started
      .map(({ name, atMs, state = 'succeeded' }) => ({
        arn: name,
        startedAtMs: atMs,
        state: this.nowMs < atMs + this.#durationMs ? ('running' as const) : state,
      }))
      .reverse();
  }

  async readsAllUploads({ arn }: TrainingRun) {
    return this.started.find(({ name }) => name === arn)?.alone !== true;
  }

  async hasUploads() {
    return this.uploads;
  }

  async start(name: string) {
    if (!this.started.some((run) => run.name === name)) this.started.push({ name, atMs: this.nowMs });
  }
}

/** Handles each upload as the deployed function does: looks when it has settled, and again every two minutes. */
async function deliver(uploadsMs: readonly number[], runs: SimulatedRuns, settleSeconds: number) {
  const due = new Map<string, { dueMs: number; uploadedBeforeMs: number }>();
  for (const atMs of uploadsMs) {
    const { name, ...settlement } = settlementOf(atMs, settleSeconds);
    if (!due.has(name)) due.set(name, settlement);
  }
  while (due.size > 0) {
    const [name, { dueMs, uploadedBeforeMs }] = [...due].sort(([, a], [, b]) => a.dueMs - b.dueMs)[0];
    due.delete(name);
    runs.nowMs = dueMs;
    if ((await startDueRun(uploadedBeforeMs, runs)) === 'postponed') {
      const { name: again, ...settlement } = await askAgain(uploadedBeforeMs, dueMs, runs);
      if (!due.has(again)) due.set(again, settlement);
    }
  }
}

describe('uploads', () => {
  test('GIVEN ten files within a minute THEN one run starts, when the last of them has settled', async () => {
    const runs = new SimulatedRuns(300_000);
    await deliver(
      [0, 6, 12, 18, 24, 30, 36, 42, 48, 54].map((seconds) => seconds * 1_000),
      runs,
      60,
    );
    expect(runs.started).toMatchObject([{ atMs: 120_000 }]);
  });

  test('GIVEN a file that comes while a run is under way THEN a second run starts when the first has ended', async () => {
    const runs = new SimulatedRuns(300_000);
    await deliver([0, 200_000], runs, 60);
    // The first at 120 s, until 420 s. The second file has settled at 300 s; asked again two minutes later.
    expect(runs.started.map(({ atMs }) => atMs)).toEqual([120_000, 430_000]);
  });

  test.each([8_000, 59_000, 55_000, 0])(
    'GIVEN a run that was started by hand soon after an upload at %i ms, and ended well or was refused THEN none follows',
    async (uploadedAtMs) => {
      const runs = new SimulatedRuns(30_000);
      // As `npm run train -- --add` does: when the upload's own step is over, in which no start could be told from it.
      runs.started.push({ name: 'by-hand', atMs: uploadedAtMs + UPLOAD_STEP_SECONDS * 1_000 + 1_000 });
      await deliver([uploadedAtMs], runs, 60);
      expect(runs.started.map(({ name }) => name)).toEqual(['by-hand']);
    },
  );

  test('GIVEN a folder that is uploaded for a minute THEN one run starts, and what waits for it is one trigger', async () => {
    const runs = new SimulatedRuns(900_000);
    const uploads = Array.from({ length: 600 }, (_, i) => i * 100);
    await deliver(uploads, runs, 60);
    expect(runs.started).toHaveLength(1);
    const waiting = await Promise.all(uploads.map((atMs) => askAgain(atMs, 120_000, runs)));
    expect(new Set(waiting.map(({ name }) => name)).size).toBe(1);
  });

  test('GIVEN a run that was started by hand and then an upload in the same minute THEN a run follows', async () => {
    const runs = new SimulatedRuns(30_000);
    runs.started.push({ name: 'by-hand', atMs: 8_000 });
    await deliver([2_000, 9_000], runs, 60);
    expect(runs.started.map(({ atMs }) => atMs)).toEqual([8_000, 120_000]);
  });

  test('GIVEN a run that was started by hand after an upload and failed THEN a run follows', async () => {
    const runs = new SimulatedRuns(30_000);
    runs.started.push({ name: 'by-hand', atMs: 14_000, state: 'failed' });
    await deliver([8_000], runs, 60);
    expect(runs.started).toHaveLength(2);
  });

  test('GIVEN any uploads THEN runs never overlap, and after each upload a run starts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3_600_000), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 1_200_000 }),
        fc.integer({ min: 0, max: 900 }),
        async (uploads, durationMs, settleSeconds) => {
          const runs = new SimulatedRuns(durationMs);
          await deliver(uploads, runs, settleSeconds);
          for (let i = 1; i < runs.started.length; i++) {
            expect(runs.started[i].atMs).toBeGreaterThanOrEqual(runs.started[i - 1].atMs + durationMs);
          }
          for (const atMs of uploads) expect(runs.started.some((run) => run.atMs > atMs)).toBe(true);
        },
      ),
    );
  });
});

test('a trigger that asks again counts the same runs as before', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(300_000),
      fc.array(fc.nat(300_000), { maxLength: 6 }),
      fc.nat(60_000),
      async (uploadedBeforeMs, startsMs, laterMs) => {
        const nowMs = Math.max(uploadedBeforeMs, ...startsMs) + laterMs;
        const runs = new SimulatedRuns(1_000);
        runs.started.push(...startsMs.toSorted((a, b) => a - b).map((atMs, i) => ({ name: String(i), atMs })));
        const again = await askAgain(uploadedBeforeMs, nowMs, runs);
        // Of those before now, and of those to come.
        for (const atMs of [...startsMs, nowMs + 1]) {
          expect(atMs > again.uploadedBeforeMs).toBe(atMs > uploadedBeforeMs);
        }
        expect(again.dueMs - nowMs).toBeGreaterThanOrEqual(120_000);
      },
    ),
  ));

describe('an upload is covered', () => {
  const after = async (...started: Started[]) => {
    const runs = new SimulatedRuns(1_000);
    runs.started.push(...started);
    runs.nowMs = 60_000;
    return startDueRun(4_000, runs);
  };

  test('by a run that started later, read all uploads and succeeded', async () => {
    expect(await after({ name: 'by-hand', atMs: 5_000 })).toBe('covered');
  });

  test('neither by one that read something else, nor by one that failed, nor by one that started before', async () => {
    expect(await after({ name: 'alone', atMs: 5_000, alone: true })).toBe('started');
    expect(await after({ name: 'bad', atMs: 5_000, state: 'failed' })).toBe('started');
    expect(await after({ name: 'early', atMs: 3_000 })).toBe('started');
  });

  test('no more once two runs have failed on it: each has told somebody, and what mends it is an upload', async () => {
    const failed = (atMs: number): Started => ({ name: `bad-${atMs}`, atMs, state: 'failed' });
    expect(await after(failed(5_000), failed(9_000))).toBe('failing');
    expect(await after(failed(5_000), failed(9_000), { name: 'good', atMs: 12_000 })).toBe('covered');
  });

  test('only when its run has ended: a run under way may fail', async () => {
    const runs = new SimulatedRuns(10_000);
    runs.started.push({ name: 'now', atMs: 5_000 });
    runs.nowMs = 6_000;
    expect(await startDueRun(4_000, runs)).toBe('postponed');
  });
});

test('GIVEN no uploads THEN the schedule starts nothing', async () => {
  const runs = new SimulatedRuns(1_000);
  runs.uploads = false;
  expect(await startDueRun(0, runs)).toBe('empty');
  expect(runs.started).toEqual([]);
});

test('GIVEN two triggers at the same moment that see the same latest run THEN one run starts', async () => {
  const runs = new SimulatedRuns(1_000);
  runs.nowMs = 5_000;
  const seen = await runs.latest();
  const stale: TrainingRuns = {
    latest: async () => seen,
    readsAllUploads: async () => true,
    hasUploads: async () => true,
    start: (name) => runs.start(name),
  };
  expect([await startDueRun(0, stale), await startDueRun(0, stale)]).toEqual(['started', 'started']);
  expect(runs.started).toHaveLength(1);
});

test('uploads of the same settling time are due at once, no earlier than it has passed for the last of them', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(900), fc.nat(600_000), (uploadedAtMs, settleSeconds, lateMs) => {
      const { uploadedBeforeMs, dueMs } = settlementOf(uploadedAtMs, settleSeconds);
      expect(uploadedBeforeMs).toBeGreaterThan(uploadedAtMs);
      expect(uploadedBeforeMs - uploadedAtMs).toBeLessThanOrEqual(UPLOAD_STEP_SECONDS * 1_000);
      expect(dueMs - uploadedBeforeMs).toBeGreaterThanOrEqual(settleSeconds * 1_000);
      expect(dueMs - uploadedAtMs).toBeLessThanOrEqual(2 * Math.max(1, settleSeconds) * 1_000);
      // An event that comes late is never due in the past, and tells of the same uploads.
      const late = settlementOf(uploadedAtMs, settleSeconds, uploadedAtMs + lateMs);
      expect(late.uploadedBeforeMs).toBe(uploadedBeforeMs);
      expect(late.dueMs).toBeGreaterThan(uploadedAtMs + lateMs);
    }),
  );
  expect(settlementOf(59_999, 60).dueMs).toBe(settlementOf(0, 60).dueMs);
  expect(settlementOf(60_000, 60).dueMs).not.toBe(settlementOf(0, 60).dueMs);
  expect(settlementOf(4_999, 60).name).toBe(settlementOf(0, 60).name);
  expect(settlementOf(5_000, 60).name).not.toBe(settlementOf(0, 60).name);
});

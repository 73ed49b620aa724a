import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startDueRun, type TrainingRun, type TrainingRuns } from '../../../lambdas/start-training/start-due-run.ts';

/** A state machine whose runs take `durationMs`, under a clock that the test moves. */
class SimulatedRuns implements TrainingRuns {
  nowMs = 0;
  readonly started: { name: string; atMs: number }[] = [];
  readonly #durationMs: number;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  async latest(): Promise<TrainingRun[]> {
    return this.started.map(({ name, atMs }) => ({
      arn: name,
      startedAtMs: atMs,
      isRunning: this.nowMs < atMs + this.#durationMs,
    }));
  }

  async start(name: string) {
    this.started.push({ name, atMs: this.nowMs });
  }
}

/** Delivers each trigger `delayMs` after it happened, in order, and again every `retryMs` while it is postponed. */
async function deliver(uploadsMs: readonly number[], runs: SimulatedRuns, delayMs: number, retryMs: number) {
  for (const [i, atMs] of uploadsMs.entries()) {
    runs.nowMs = Math.max(runs.nowMs, atMs + delayMs);
    while ((await startDueRun({ name: `upload-${i}`, atMs }, runs)) === 'postponed') runs.nowMs += retryMs;
  }
}

describe('uploads', () => {
  test('GIVEN ten files within a minute and a settling time of one minute THEN one run starts, a minute after the first', async () => {
    const runs = new SimulatedRuns(300_000);
    await deliver(
      [0, 6, 12, 18, 24, 30, 36, 42, 48, 54].map((seconds) => seconds * 1_000),
      runs,
      60_000,
      180_000,
    );
    expect(runs.started).toEqual([{ name: 'upload-0', atMs: 60_000 }]);
  });

  test('GIVEN a file that comes while a run is under way THEN a second run starts when the first has ended', async () => {
    const runs = new SimulatedRuns(300_000);
    await deliver([0, 100_000], runs, 60_000, 180_000);
    // Delivered at 160 s, 340 s (the run works until 360 s) and 520 s.
    expect(runs.started).toEqual([
      { name: 'upload-0', atMs: 60_000 },
      { name: 'upload-1', atMs: 520_000 },
    ]);
  });

  test('GIVEN any uploads THEN runs never overlap, and after each upload a run starts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3_600_000), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 1_200_000 }),
        async (uploads, durationMs) => {
          const inOrder = uploads.sort((a, b) => a - b);
          const runs = new SimulatedRuns(durationMs);
          await deliver(inOrder, runs, 60_000, 180_000);
          for (let i = 1; i < runs.started.length; i++) {
            expect(runs.started[i].atMs).toBeGreaterThanOrEqual(runs.started[i - 1].atMs + durationMs);
          }
          for (const atMs of inOrder) expect(runs.started.some((run) => run.atMs > atMs)).toBe(true);
        },
      ),
    );
  });
});

test('GIVEN a run that someone started by hand after the upload THEN none is added', async () => {
  const runs = new SimulatedRuns(1_000);
  runs.nowMs = 5_000;
  await runs.start('by-hand');
  expect(await startDueRun({ name: 'upload', atMs: 4_000 }, runs)).toBe('covered');
  runs.nowMs = 60_000;
  expect(await startDueRun({ name: 'upload', atMs: 4_000 }, runs)).toBe('covered');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS, resolveSettings, type TrainingSettings } from '../../../engine/artifacts/training-request.ts';
import { needsCrossValidation } from '../../../engine/evaluation/folds.ts';
import { measuredPart, planExperiments } from '../../../engine/evaluation/plan-experiments.ts';
import { estimateSeconds } from '../../../engine/word2vec/training-seconds.ts';

/** `sessionCount` sessions of `length` views each. */
function sessionsOf(sessionCount: number, length: number) {
  return {
    offsets: Uint32Array.from({ length: sessionCount + 1 }, (_, s) => s * length),
    views: new Uint32Array(sessionCount * length),
  };
}
const tuned = (changes: Partial<TrainingSettings> = {}) => ({ ...PRESETS.tuned, ...changes });

const settings = fc
  .record({
    sg: fc.constantFrom(0 as const, 1 as const),
    vector_size: fc.integer({ min: 1, max: 1024 }),
    window: fc.integer({ min: 1, max: 1000 }),
    shrink_windows: fc.boolean(),
    direction: fc.constantFrom('both' as const, 'forward' as const),
    negative: fc.integer({ min: 1, max: 1000 }),
    epochs: fc.integer({ min: 1, max: 10_000 }),
    max_trials: fc.integer({ min: 1, max: 8 }),
    search_seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  })
  .map((changes) => resolveSettings({ preset: 'tuned', settings: changes }));

describe('whatever the settings', () => {
  it('every training ends in the 600 s that a Lambda has for it, or the plan says why nothing is tried', () => {
    fc.assert(
      fc.property(
        settings,
        fc.integer({ min: 100, max: 200_000 }),
        fc.integer({ min: 2, max: 60 }),
        (own, sessionCount, length) => {
          const offsets = Uint32Array.from({ length: sessionCount + 1 }, (_, s) => s * length);
          const plan = planExperiments({ offsets, views: new Uint32Array(0) }, own);
          const viewsUntil = (end: number, first: number) => offsets[end] - offsets[first];
          const views = viewsUntil(plan.validationStart, plan.firstSession);
          if (plan.candidates.length === 0) expect(plan.notMeasured).toMatch(/^one epoch over a single session/);
          else expect(views).toBeGreaterThan(0);
          for (const candidate of plan.candidates) {
            const folds = needsCrossValidation({ offsets }) ? 5 : 1;
            expect(folds * estimateSeconds(views, candidate.settings)).toBeLessThanOrEqual(600);
            const part = measuredPart(offsets, plan.firstMeasured, plan.testStart, candidate.settings);
            const measured = viewsUntil(plan.testStart, part.firstSession);
            const trainings = 2 + (needsCrossValidation({ offsets }) ? 5 : 0);
            expect(trainings * estimateSeconds(measured, part.settings)).toBeLessThanOrEqual(600);
            expect(part.firstSession).toBeGreaterThanOrEqual(plan.firstMeasured);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('the settings that took 1,422 s to measure have fewer epochs for it', () => {
    // Skip-gram of 64 dimensions, window 10, 20 epochs: 516 s on 4 million views, twice.
    const { settings: own } = planExperiments(sessionsOf(10_000, 5), tuned({ vector_size: 64, window: 10 }))
      .candidates[0];
    const { offsets } = sessionsOf(1_000_000, 5);
    const part = measuredPart(offsets, 0, 900_000, own);
    expect(part.firstSession).toBe(100_000);
    expect(part.settings).toEqual({ ...own, epochs: 11 });
  });
});

describe('the plan of experiments', () => {
  it('holds out the newest tenth for the report and the tenth before it for choosing', () => {
    const plan = planExperiments(sessionsOf(1000, 5), tuned());
    expect(plan).toMatchObject({ firstSession: 0, firstMeasured: 0, validationStart: 800, testStart: 900 });
  });

  it('trains on the newest sessions of a large shop: candidates on 250,000 views, the winner on 4 million', () => {
    const plan = planExperiments(sessionsOf(1_000_000, 10), tuned());
    expect(plan).toMatchObject({
      firstSession: 800_000 - 25_000,
      firstMeasured: 900_000 - 400_000,
      validationStart: 800_000,
      testStart: 900_000,
    });
  });

  it('tries the own settings first, then others, each under a name of its own', () => {
    const { candidates } = planExperiments(sessionsOf(1000, 5), tuned({ vector_size: 7 }));
    expect(candidates[0]).toEqual({ id: 'candidate-1', settings: tuned({ vector_size: 7 }) });
    expect(candidates.map(({ id }) => id)).toEqual(candidates.map((_, i) => `candidate-${i + 1}`));
    expect(new Set(candidates.map(({ settings }) => JSON.stringify(settings))).size).toBe(candidates.length);
  });

  it('changes nothing but how the vectors are learned', () => {
    const own = tuned({ k: 33, seed: 5, min_count: 3, workers: 2 });
    for (const { settings } of planExperiments(sessionsOf(1000, 5), own).candidates) {
      expect(settings).toMatchObject({ k: 33, seed: 5, min_count: 3, workers: 2 });
    }
  });

  it('tries no more than max_trials', () => {
    expect(planExperiments(sessionsOf(1000, 5), tuned({ max_trials: 3 })).candidates).toHaveLength(3);
  });

  it('tries the own settings alone when the budget has room for nothing else, and counts what it left out', () => {
    const plan = planExperiments(sessionsOf(1000, 5), tuned({ search_seconds: 0, max_trials: 4 }));
    expect(plan.candidates).toHaveLength(1);
    expect(plan.skippedCandidates).toBe(3);
  });

  it('gives each candidate the budget for itself, and says of the others how long they would take', () => {
    // 250,000 views train, of 1,000,000. The second candidate: windows of 4 contexts, 11 pairs each, 64 + 16
    // multiply-adds, 20 epochs, at 1.5e9 a second.
    const seconds = (250_000 * 4 * 11 * 80 * 20) / 1.5e9;
    const within = planExperiments(sessionsOf(200_000, 5), tuned({ max_trials: 2, search_seconds: 12 }));
    expect(within.candidates).toHaveLength(2);
    const beyond = planExperiments(sessionsOf(200_000, 5), tuned({ max_trials: 2, search_seconds: 11 }));
    expect(beyond.candidates).toHaveLength(1);
    expect(beyond.skipped).toEqual([
      {
        settings: expect.objectContaining({ vector_size: 64, window: 3, epochs: 20 }),
        estimatedSeconds: seconds,
        reason: 'its training on 250,000 views is expected to take 12 s, search_seconds allows 11 s',
      },
    ]);
  });

  it.each([24_000, 500_000, 4_000_000, 20_000_000])('tries all candidates in a shop of %d views', (views) => {
    const plan = planExperiments(sessionsOf(views / 5, 5), tuned({ max_trials: 8 }));
    expect(plan.candidates).toHaveLength(8);
    expect(plan.skipped).toEqual([]);
  });

  it('samples the newest sessions of a large shop', () => {
    // 500,000 sessions of 5 views: those before the validation sessions have 2,000,000, of which the newest 250,000 count.
    const plan = planExperiments(sessionsOf(500_000, 5), tuned());
    expect(plan.validationStart).toBe(400_000);
    expect(plan.firstSession).toBe(350_000);
  });

  it('expects work in proportion to views, epochs and dimensions', () => {
    const secondsOf = (sessions: number, changes: Partial<TrainingSettings> = {}) =>
      planExperiments(sessionsOf(sessions, 5), tuned({ max_trials: 1, ...changes })).estimatedSeconds;
    expect(secondsOf(20_000) / secondsOf(10_000)).toBeCloseTo(2);
    expect(secondsOf(10_000, { epochs: 40 }) / secondsOf(10_000, { epochs: 20 })).toBeCloseTo(2);
    expect(secondsOf(10_000, { vector_size: 64 })).toBeGreaterThan(secondsOf(10_000, { vector_size: 32 }));
    expect(secondsOf(10_000, { direction: 'forward' }) / secondsOf(10_000)).toBeCloseTo(0.5);
    expect(secondsOf(10_000, { sg: 0 })).toBeLessThan(secondsOf(10_000, { sg: 1 }));
    expect(secondsOf(10_000, { shrink_windows: false })).toBeGreaterThan(secondsOf(10_000));
  });

  it('plans nothing when the backtest is off, or for a shop that hardly has sessions', () => {
    const off = planExperiments(sessionsOf(1000, 5), PRESETS.layer);
    expect(off).toMatchObject({ candidates: [], notMeasured: 'the setting backtest is false' });
    const small = planExperiments(sessionsOf(99, 5), tuned());
    expect(small.candidates).toEqual([]);
    expect(small.notMeasured).toBe('99 sessions, 100 are needed');
    const bought = tuned({ question: 'purchase' });
    expect(planExperiments(sessionsOf(100, 5), bought)).toMatchObject({
      candidates: [],
      notMeasured: expect.stringContaining('no event of the clicks is one'),
    });
    expect(planExperiments({ ...sessionsOf(100, 5), kinds: Uint8Array.of(2) }, bought)).not.toHaveProperty(
      'notMeasured',
    );
    const enough = planExperiments(sessionsOf(100, 5), tuned());
    expect(enough.candidates).not.toEqual([]);
    expect(enough).not.toHaveProperty('notMeasured');
  });
});

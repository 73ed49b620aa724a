import { describe, expect, it } from 'vitest';
import { PRESETS, type TrainingSettings } from '../../../engine/artifacts/training-request.ts';
import { planExperiments } from '../../../engine/evaluation/plan-experiments.ts';

/** `sessionCount` sessions of `length` views each. */
function sessionsOf(sessionCount: number, length: number) {
  return {
    offsets: Uint32Array.from({ length: sessionCount + 1 }, (_, s) => s * length),
    views: new Uint32Array(sessionCount * length),
  };
}
const tuned = (changes: Partial<TrainingSettings> = {}) => ({ ...PRESETS.tuned, ...changes });

describe('the plan of experiments', () => {
  it('holds out the newest tenth for the report and the tenth before it for choosing', () => {
    const plan = planExperiments(sessionsOf(1000, 5), tuned());
    expect(plan).toMatchObject({ firstSession: 0, firstMeasured: 0, validationStart: 800, testStart: 900 });
  });

  it('trains on the newest sessions of a large shop: candidates on 1 million views, the winner on 4 million', () => {
    const plan = planExperiments(sessionsOf(1_000_000, 10), tuned());
    expect(plan).toMatchObject({
      firstSession: 800_000 - 100_000,
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

  it('stays within the budget', () => {
    const plan = planExperiments(sessionsOf(200_000, 5), tuned({ search_seconds: 100 }));
    expect(plan.candidates.length).toBeGreaterThan(1);
    expect(plan.skippedCandidates).toBeGreaterThan(0);
    expect(plan.estimatedSeconds).toBeLessThanOrEqual(100);
  });

  it('samples the newest sessions of a large shop', () => {
    // 500,000 sessions of 5 views: those before the validation sessions have 2,000,000, of which the newest million counts.
    const plan = planExperiments(sessionsOf(500_000, 5), tuned());
    expect(plan.validationStart).toBe(400_000);
    expect(plan.firstSession).toBe(200_000);
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
    expect(planExperiments(sessionsOf(1000, 5), PRESETS.layer).candidates).toEqual([]);
    expect(planExperiments(sessionsOf(99, 5), tuned()).candidates).toEqual([]);
    expect(planExperiments(sessionsOf(100, 5), tuned()).candidates).not.toEqual([]);
  });
});

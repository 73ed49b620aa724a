import { expect, it } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { estimateSeconds, withEpochsInTime } from '../../../engine/word2vec/training-seconds.ts';

/** Skip-gram: six contexts with one positive and ten negatives of 32 + 16 multiply-adds. */
const SETTINGS = { ...PRESETS.tuned, window: 5, negative: 10, vector_size: 32, epochs: 20 };

it('counts the multiply-adds', () => {
  expect(estimateSeconds(1_000_000, SETTINGS)).toBeCloseTo((20e6 * 6 * 11 * 48) / 1.5e9, 9);
  expect(estimateSeconds(1_000_000, { ...SETTINGS, shrink_windows: false })).toBeCloseTo(
    (20e6 * 10 * 11 * 48) / 1.5e9,
    9,
  );
  expect(estimateSeconds(1_000_000, { ...SETTINGS, sg: 0 })).toBeCloseTo((20e6 * 17 * 48) / 1.5e9, 9);
});

it('keeps the settings while they end in ten minutes, and takes as many epochs as do beyond that', () => {
  expect(withEpochsInTime(SETTINGS, 10_000_000)).toEqual(SETTINGS);
  // 20 M views take 42.24 s an epoch.
  expect(withEpochsInTime(SETTINGS, 20_000_000)).toEqual({ ...SETTINGS, epochs: 14 });
  expect(withEpochsInTime(SETTINGS, 10_000_000_000)).toEqual({ ...SETTINGS, epochs: 1 });
});

import type { TrainingSettings } from '../artifacts/training-request.ts';

const OVERHEAD_PER_PAIR = 16;
const MULTIPLY_ADDS_PER_SECOND = 1.5e9;
/** Of Lambda's 900 s; the rest is for reading, measuring, writing and an estimate that was too low. */
export const MOST_TRAINING_SECONDS = 600;

/**
 * Multiply-adds of the trainer over what one thread does in a second. The rate is that of `scripts/bench/word2vec-speed.ts`
 * on one 2026 x86-64 core, halved: a Lambda's vCPU is half a core.
 */
export function estimateSeconds(
  views: number,
  { sg, window, shrink_windows, negative, vector_size, epochs, direction }: TrainingSettings,
): number {
  const bothSides = shrink_windows ? window + 1 : 2 * window;
  const contexts = direction === 'forward' ? bothSides / 2 : bothSides;
  const pairsPerView = sg === 1 ? contexts * (negative + 1) : contexts + negative + 1;
  return (views * epochs * pairsPerView * (vector_size + OVERHEAD_PER_PAIR)) / MULTIPLY_ADDS_PER_SECOND;
}

/**
 * What won on a part of the sessions, for all of them: with as many epochs as end in time, one at least. A large shop
 * needs fewer, since each epoch has more to learn from.
 *
 * @param views of all trainings that have to end in that time.
 */
export function withEpochsInTime(settings: TrainingSettings, views: number): TrainingSettings {
  const share = MOST_TRAINING_SECONDS / estimateSeconds(views, settings);
  return share >= 1 ? settings : { ...settings, epochs: Math.max(1, Math.floor(settings.epochs * share)) };
}

/** @returns how many views end in time when the settings go through them in a single epoch. */
export function mostViewsInTime(settings: TrainingSettings): number {
  return Math.floor(MOST_TRAINING_SECONDS / estimateSeconds(1, { ...settings, epochs: 1 }));
}

import { type Random, randomInteger } from '../numeric/random.ts';
import type { Estimate } from './figures.ts';

const RESAMPLES = 500;

/**
 * Σ numerator / Σ denominator over sessions, with a bootstrap interval (Efron 1979) that resamples whole sessions,
 * since the positions of one session are not independent.
 *
 * @param rows (sessions, metrics) each, row-major. A metric without any denominator is 0 with the interval 0…0.
 */
export function bootstrapRatios(
  numerators: Float64Array,
  denominators: Float64Array,
  metricCount: number,
  random: Random,
): Estimate[] {
  const sessionCount = numerators.length / metricCount;
  const ratios = Array.from({ length: metricCount }, () => new Float64Array(RESAMPLES));
  const sums = { numerator: new Float64Array(metricCount), denominator: new Float64Array(metricCount) };
  const tally = (pick: (draw: number) => number) => {
    sums.numerator.fill(0);
    sums.denominator.fill(0);
    for (let draw = 0; draw < sessionCount; draw++) {
      const row = pick(draw) * metricCount;
      for (let m = 0; m < metricCount; m++) {
        sums.numerator[m] += numerators[row + m];
        sums.denominator[m] += denominators[row + m];
      }
    }
    return (m: number) => (sums.denominator[m] === 0 ? 0 : sums.numerator[m] / sums.denominator[m]);
  };
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const ratio = tally(() => randomInteger(random, sessionCount));
    for (let m = 0; m < metricCount; m++) ratios[m][resample] = ratio(m);
  }
  const ratio = tally((session) => session);
  return ratios.map((values, m) => {
    values.sort();
    return { value: ratio(m), low: percentile(values, 0.025), high: percentile(values, 0.975) };
  });
}

/** The nearest of sorted values, so that the interval is made of values that occurred. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}

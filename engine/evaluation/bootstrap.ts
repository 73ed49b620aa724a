import { randomInteger, seededRandom } from '../numeric/random.ts';
import type { Estimate } from './figures.ts';

const RESAMPLES = 500;

/**
 * Σ numerator / Σ denominator over sessions, with a bootstrap interval (Efron 1979) that resamples whole sessions,
 * since the positions of one session are not independent.
 *
 * @param rows (sessions, metrics) each, row-major. A metric without any denominator is 0 with the interval 0…0.
 * @param seed with the same one, and as many sessions, the same sessions are drawn.
 */
export function bootstrapRatios(
  numerators: Float64Array,
  denominators: Float64Array,
  metricCount: number,
  seed: number,
): Estimate[] {
  const sessionCount = numerators.length / metricCount;
  const draws = drawsOf(seed, sessionCount);
  const ratios = Array.from({ length: metricCount }, () => new Float64Array(RESAMPLES));
  const numeratorSums = new Float64Array(metricCount);
  const denominatorSums = new Float64Array(metricCount);
  const ratioOf = (m: number) => (denominatorSums[m] === 0 ? 0 : numeratorSums[m] / denominatorSums[m]);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const counts = draws.subarray(resample * sessionCount, (resample + 1) * sessionCount);
    addWeighted(numerators, metricCount, counts, numeratorSums);
    addWeighted(denominators, metricCount, counts, denominatorSums);
    for (let m = 0; m < metricCount; m++) ratios[m][resample] = ratioOf(m);
  }
  const once = new Uint8Array(sessionCount).fill(1);
  addWeighted(numerators, metricCount, once, numeratorSums);
  addWeighted(denominators, metricCount, once, denominatorSums);
  return ratios.map((values, m) => {
    values.sort();
    return { value: ratioOf(m), low: percentile(values, 0.025), high: percentile(values, 0.975) };
  });
}

/** @param sums (metrics) become Σ_session counts[session] · rows[session]. */
function addWeighted(rows: Float64Array, metricCount: number, counts: Uint8Array, sums: Float64Array): void {
  sums.fill(0);
  for (let session = 0; session < counts.length; session++) {
    const count = counts[session];
    if (count === 0) continue;
    const row = session * metricCount;
    for (let m = 0; m < metricCount; m++) sums[m] += count * rows[row + m];
  }
}

/** What was drawn last: all that is measured on the same sessions is resampled alike. */
let lastDraws: { seed: number; sessionCount: number; counts: Uint8Array } | undefined;

/** (RESAMPLES, sessionCount) how often each session is in each resample. */
function drawsOf(seed: number, sessionCount: number): Uint8Array {
  if (lastDraws?.seed === seed && lastDraws.sessionCount === sessionCount) return lastDraws.counts;
  const random = seededRandom(seed);
  const counts = new Uint8Array(RESAMPLES * sessionCount);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const start = resample * sessionCount;
    for (let draw = 0; draw < sessionCount; draw++) counts[start + randomInteger(random, sessionCount)]++;
  }
  lastDraws = { seed, sessionCount, counts };
  return counts;
}

/** The nearest of sorted values, so that the interval is made of values that occurred. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}

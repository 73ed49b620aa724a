import { bootstrapRatios } from './bootstrap.ts';
import type { Estimate, Evaluation, Gains, ListQuality } from './figures.ts';
import type { Question } from './question.ts';
import { COLUMN, COLUMN_COUNT, GAIN_NAMES, type Gain, type Mode, type Tally } from './tally.ts';

/** @param seed of the resampling; the same for all that are to be compared. */
export function summarise(tally: Tally, seed: number): Required<Evaluation> {
  const estimates = bootstrapRatios(tally.numerators, tally.denominators, COLUMN_COUNT, seed);
  const { viewedAllowed, asServed } = tally.positions;
  const qualityOf = (mode: Mode): ListQuality => ({
    popularityBias: estimates[COLUMN[mode] + COLUMN.bias],
    intraListDiversity: estimates[COLUMN[mode] + COLUMN.diversity],
    coverage: tally.coverage[mode],
  });
  return {
    positions: viewedAllowed,
    repeatShare: viewedAllowed === 0 ? 0 : 1 - asServed / viewedAllowed,
    all: gainsFrom(estimates, COLUMN.viewedAllowed),
    newProducts: gainsFrom(estimates, COLUMN.newProducts),
    ...qualityOf('viewedAllowed'),
    asServed: { positions: asServed, gains: gainsFrom(estimates, COLUMN.asServed), ...qualityOf('asServed') },
  };
}

/** `ours` − `theirs` as served, on the same positions, resampled together: an interval above 0 is a clear win. */
export function compare(ours: Tally, theirs: Tally, seed: number): Gains {
  const names = GAIN_NAMES.length;
  const rows = ours.numerators.length / COLUMN_COUNT;
  const differences = new Float64Array(rows * names);
  // Both were asked the same questions, so they share the denominators.
  const denominators = new Float64Array(rows * names);
  for (let row = 0; row < rows; row++) {
    for (let g = 0; g < names; g++) {
      const from = row * COLUMN_COUNT + COLUMN.asServed + g;
      differences[row * names + g] = ours.numerators[from] - theirs.numerators[from];
      denominators[row * names + g] = ours.denominators[from];
    }
  }
  return gainsFrom(bootstrapRatios(differences, denominators, names, seed), 0);
}

/** What a model is judged by: the gains as served, or, in a file of release 0.1.0, those that it has. */
export function judgedGains({ asServed, all }: Pick<Evaluation, 'asServed' | 'all'>): Gains {
  return asServed?.gains ?? all;
}

/**
 * What to expect of a model as served. Of a file of release 0.1.0 it is the nearest that was measured, and rather low: the
 * same questions, with lists in which viewed products take places.
 */
export function expectedGains({ asServed, newProducts }: Pick<Evaluation, 'asServed' | 'newProducts'>): Gains {
  return asServed?.gains ?? newProducts;
}

/**
 * For a stage's counts, by name: the gains as served, then those of lists that may hold viewed products. Figures of purchases
 * have names of their own, so that they never stand in one line with those of views.
 */
export function gainCounts(evaluation: Evaluation, names: readonly Gain[], question: Question): Record<string, number> {
  const asked = question === 'view' ? '' : `${question} `;
  return Object.fromEntries([
    ...names.map((name) => [`${asked}${name} as served`, judgedGains(evaluation)[name].value]),
    ...names.map((name) => [`${asked}${name} viewed allowed`, evaluation.all[name].value]),
  ]);
}

function gainsFrom(estimates: readonly Estimate[], column: number): Gains {
  return Object.fromEntries(GAIN_NAMES.map((name, g) => [name, estimates[column + g]])) as Gains;
}

import { seededRandom } from '../numeric/random.ts';
import { bootstrapRatios, type Estimate } from './bootstrap.ts';
import { COLUMN, COLUMN_COUNT, GAIN_NAMES, type Gain, type Mode, type Tally } from './tally.ts';

export type Gains = Record<Gain, Estimate>;

/** How good lists are and what is in them, asked in one of the two modes. */
interface ListQuality {
  /** Mean views of the recommended over mean views of what was viewed next. */
  popularityBias: Estimate;
  intraListDiversity: Estimate;
  coverage: Estimate;
}

export interface ServedEvaluation extends ListQuality {
  /** Questions asked: next views of products that the session had not viewed before. */
  positions: number;
  gains: Gains;
}

/** Without `asServed`, every figure is of lists that may hold products viewed before. */
export interface Evaluation extends ListQuality {
  /** Questions asked. */
  positions: number;
  /** Share of the questions whose answer the session had viewed before. */
  repeatShare: number;
  /** Every next view counts, a product viewed before as well. */
  all: Gains;
  /** Only next views of products that the session had not viewed before. */
  newProducts: Gains;
  /**
   * As the API answers by default: viewed products are left out of the list, so only a product not viewed before can be
   * the answer. What is judged by. Absent in files of release 0.1.0, which did not measure it.
   */
  asServed?: ServedEvaluation;
}

/** @param seed of the resampling; the same for all that are to be compared. */
export function summarise(tally: Tally, seed: number): Required<Evaluation> {
  const estimates = bootstrapRatios(tally.numerators, tally.denominators, COLUMN_COUNT, seededRandom(seed));
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
  // Both were asked the same questions, so they share the denominators.
  const differences = ours.numerators.map((numerator, i) => numerator - theirs.numerators[i]);
  const estimates = bootstrapRatios(differences, ours.denominators, COLUMN_COUNT, seededRandom(seed));
  return gainsFrom(estimates, COLUMN.asServed);
}

/** What a model is judged by: the gains as served, or, in a file of release 0.1.0, those that it has. */
export function judgedGains({ asServed, all }: Pick<Evaluation, 'asServed' | 'all'>): Gains {
  return asServed?.gains ?? all;
}

/** For a stage's counts, by name: the gains as served, then those of lists that may hold viewed products. */
export function gainCounts(evaluation: Evaluation, names: readonly Gain[]): Record<string, number> {
  return Object.fromEntries([
    ...names.map((name) => [`${name} as served`, judgedGains(evaluation)[name].value]),
    ...names.map((name) => [`${name} viewed allowed`, evaluation.all[name].value]),
  ]);
}

function gainsFrom(estimates: readonly Estimate[], column: number): Gains {
  return Object.fromEntries(GAIN_NAMES.map((name, g) => [name, estimates[column + g]])) as Gains;
}

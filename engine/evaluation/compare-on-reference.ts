import { bootstrapRatios } from './bootstrap.ts';
import { hit, reciprocalRank } from './metrics.ts';
import type { Places } from './reference-sessions.ts';
import type { ReferenceComparison } from './run-evaluation.ts';
import { LIST_LENGTH } from './tally.ts';

/** Columns: the two gains of ours, of theirs, and of ours − theirs, then the share that we know. */
const WIDTH = 7;
const KNOWN = 6;

/**
 * Ours against theirs on the same questions, both as served, where both know the product; the share that we know tells
 * about the rest.
 *
 * @param theirs places a session, as `ours`.
 */
export function compareOnReference(
  runId: string,
  ours: readonly Places[],
  theirs: readonly Places[],
  seed: number,
): ReferenceComparison {
  const numerators = new Float64Array(ours.length * WIDTH);
  const denominators = new Float64Array(ours.length * WIDTH);
  let positions = 0;
  ours.forEach((places, session) => {
    const row = session * WIDTH;
    places.forEach((place, question) => {
      const theirPlace = theirs[session][question];
      if (theirPlace === null) return;
      denominators[row + KNOWN]++;
      if (place === null) return;
      positions++;
      numerators[row + KNOWN]++;
      const [our, their] = [gainsOf(place), gainsOf(theirPlace)];
      [...our, ...their, ...our.map((gain, g) => gain - their[g])].forEach((gain, column) => {
        numerators[row + column] += gain;
        denominators[row + column]++;
      });
    });
  });
  const estimates = bootstrapRatios(numerators, denominators, WIDTH, seed);
  const figures = (column: number) => ({ 'HR@20': estimates[column], 'MRR@20': estimates[column + 1] });
  return {
    runId,
    sessions: ours.length,
    positions,
    knownShare: estimates[KNOWN].value,
    ours: figures(0),
    theirs: figures(2),
    difference: figures(4),
  };
}

/** Ours against the figures of a report, for a live model that kept no answers of its own. */
export function compareWithReported(
  runId: string,
  ours: readonly Places[],
  theirs: ReferenceComparison['theirs'],
  seed: number,
): ReferenceComparison {
  const alone = compareOnReference(runId, ours, ours, seed);
  const less = (metric: 'HR@20' | 'MRR@20') => {
    const { value, low, high } = alone.ours[metric];
    const their = theirs[metric].value;
    return { value: value - their, low: low - their, high: high - their };
  };
  return { ...alone, theirs, difference: { 'HR@20': less('HR@20'), 'MRR@20': less('MRR@20') } };
}

/** HR@20 and MRR@20 of one question. */
function gainsOf(place: number): [number, number] {
  const found = place === 0 ? undefined : place;
  return [hit(found, LIST_LENGTH), reciprocalRank(found, LIST_LENGTH)];
}

import type { ExperimentPlan } from '../../engine/evaluation/experiment-plan.ts';

/** What was not tried or measured, and why. */
export function notesOf({ notMeasured, skipped = [] }: ExperimentPlan): string[] {
  return [
    ...(notMeasured === undefined ? [] : [`Nothing was measured: ${notMeasured}.`]),
    ...skipped.map(({ settings: { sg, vector_size, window, epochs }, reason }) => {
      const name = `${sg === 1 ? 'skip-gram' : 'CBOW'}, ${vector_size} dimensions, window ${window}, ${epochs} epochs`;
      return `Not tried: ${name}; ${reason}.`;
    }),
  ];
}

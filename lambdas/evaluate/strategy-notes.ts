import type { Columns } from '../../engine/artifacts/click-source.ts';
import type { Backtest } from '../../engine/evaluation/run-evaluation.ts';

/**
 * Which strategies have nothing to say, and why: to a shop that names events, and so may expect them. The report says it to
 * every shop.
 */
export function strategyNotesOf(backtest: Backtest | null, { events }: Pick<Columns, 'events'>): string[] {
  if (events === undefined) return [];
  return Object.entries(backtest?.unmeasured ?? {}).map(
    ([strategy, reason]) => `${strategy} was not measured and answers with popular products: ${reason}.`,
  );
}

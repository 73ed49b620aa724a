import { expect, it } from 'vitest';
import type { Backtest } from '../../../engine/evaluation/run-evaluation.ts';
import { strategyNotesOf } from '../../../lambdas/evaluate/strategy-notes.ts';

const backtest = { unmeasured: { 'bought-together': 'nobody bought anything' } } as unknown as Backtest;

it('says what has nothing to say to a shop that names events, and to no other', () => {
  expect(strategyNotesOf(backtest, { events: { view_item: 1 } })).toEqual([
    'bought-together was not measured and answers with popular products: nobody bought anything.',
  ]);
  expect(strategyNotesOf(backtest, {})).toEqual([]);
  expect(strategyNotesOf(null, { events: { view_item: 1 } })).toEqual([]);
});

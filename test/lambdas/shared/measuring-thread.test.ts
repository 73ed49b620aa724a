import { expect, test } from 'vitest';
import { measure, trainOnEarlier } from '../../../engine/evaluation/backtest.ts';
import { answerSessions, sampleSessions } from '../../../engine/evaluation/reference-sessions.ts';
import { startMeasuring } from '../../../lambdas/shared/measuring-thread.ts';
import { ringShop, trainRandomly } from '../../engine/evaluation/sample-shop.ts';

const SEED = 3;
const HELD_OUT_FROM = 1_350;

test('two threads find what one finds, and what the backtest finds', async () => {
  const shop = ringShop(1_500);
  const heldOut = await trainOnEarlier(shop, trainRandomly, HELD_OUT_FROM);
  const reference = sampleSessions(shop, HELD_OUT_FROM);
  const [alone, together] = await Promise.all(
    [1, 2].map(async (threads) => {
      const thread = startMeasuring(threads);
      try {
        const { refitted, ...measured } = await thread.measure({ ...heldOut, reference, seed: SEED });
        return { ...measured, refitted: await refitted };
      } finally {
        await thread.close();
      }
    }),
  );
  expect(together).toEqual(alone);
  expect(Object.keys(together.tallies)).toEqual(Object.keys(alone.tallies));
  expect(measure(heldOut, SEED, together.tallies)).toEqual(measure(heldOut, SEED));
  expect(together.places).toEqual(answerSessions(heldOut.index, 'blend', reference, SEED));
  expect(together.places.length).toBeGreaterThan(100);
  // Fitted on more of the same choices: near the weights that were measured, and not they.
  expect(together.refitted.blendWeights).not.toBeNull();
});

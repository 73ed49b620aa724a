import { expect, test } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { sliceSessions } from '../../../engine/clicks/corpus.ts';
import { summarise } from '../../../engine/evaluation/evaluate.ts';
import { planExperiments } from '../../../engine/evaluation/plan-experiments.ts';
import { splitAt } from '../../../engine/evaluation/split.ts';
import { tallyPositions } from '../../../engine/evaluation/tally.ts';
import type { TrainVectors } from '../../../engine/evaluation/train-model.ts';
import { positionsToAsk, tryCandidate } from '../../../engine/evaluation/try-candidate.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { embeddingContext } from '../../../engine/ranking/strategies/embedding.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { ringShop, trainRandomly } from './sample-shop.ts';

const vectorsOnly: TrainVectors = async (corpus) => (await trainRandomly(corpus)).vectors;

test('a candidate is scored as in the whole index, on the validation sessions alone', async () => {
  const shop = ringShop(1_000);
  const plan = planExperiments(shop, { ...PRESETS.tuned, max_trials: 1 });
  const evaluation = await tryCandidate(shop, plan, plan.candidates[0], vectorsOnly);

  const { train: earlier, later } = splitAt(sliceSessions(shop, 0, 900), 800);
  const { vectors, clusters } = await trainRandomly(earlier);
  const index = buildServingIndex(earlier, vectors, clusters, 'blend');
  const whole = tallyPositions(index, embeddingContext, later, seededRandom(1));
  expect(evaluation).toEqual(summarise(whole, 1));
  expect(evaluation.positions).toBe(100 * 4);
});

test('in a small shop it is asked about every session, by vectors of the others', async () => {
  const shop = ringShop(400);
  const plan = planExperiments(shop, { ...PRESETS.tuned, max_trials: 1 });
  const learned: number[] = [];
  const { positions } = await tryCandidate(shop, plan, plan.candidates[0], (corpus) => {
    learned.push(corpus.sessionIds.length);
    return vectorsOnly(corpus);
  });
  expect(learned).toEqual([320, 320, 320, 320, 320]);
  expect(positions).toBe(400 * 4);
});

test('the more products there are to score, the fewer positions are asked about', () => {
  expect([60, 7_000, 17_500, 1_000_000].map(positionsToAsk)).toEqual([5_000, 5_000, 2_000, 1_000]);
});

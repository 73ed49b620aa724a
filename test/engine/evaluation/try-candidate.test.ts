import { expect, test } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { sliceSessions } from '../../../engine/clicks/corpus.ts';
import { summarise } from '../../../engine/evaluation/evaluate.ts';
import { planExperiments } from '../../../engine/evaluation/plan-experiments.ts';
import { splitAt } from '../../../engine/evaluation/split.ts';
import { tallyPositions } from '../../../engine/evaluation/tally.ts';
import { tryCandidate } from '../../../engine/evaluation/try-candidate.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { embeddingContext } from '../../../engine/ranking/strategies/embedding.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { ringShop, trainRandomly } from './sample-shop.ts';

test('a candidate is scored as in the whole index, on the validation sessions alone', async () => {
  const shop = ringShop(400);
  const plan = planExperiments(shop, { ...PRESETS.tuned, max_trials: 1 });
  const vectorsOnly: Parameters<typeof tryCandidate>[3] = async (corpus) => (await trainRandomly(corpus)).vectors;
  const evaluation = await tryCandidate(shop, plan, plan.candidates[0], vectorsOnly);

  const { train: earlier, later } = splitAt(sliceSessions(shop, 0, 360), 320);
  const { vectors, clusters } = await trainRandomly(earlier);
  const index = buildServingIndex(earlier, vectors, clusters, 'blend');
  const whole = tallyPositions(index, embeddingContext, later, seededRandom(1));
  expect(evaluation).toEqual(summarise(whole, 1));
  expect(evaluation.positions).toBe(40 * 4);
});

import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import type { Corpus } from '../../../engine/clicks/corpus.ts';
import { InputError } from '../../../engine/errors.ts';
import { backtest, blendWeightsOf } from '../../../engine/evaluation/backtest.ts';
import type { Evaluation } from '../../../engine/evaluation/figures.ts';
import { randomInteger, seededRandom } from '../../../engine/numeric/random.ts';
import { BLEND_FEATURES } from '../../../engine/serving-index/blend-weights.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { PRODUCTS, ringShop, trainRandomly } from './sample-shop.ts';

const SESSIONS = 1_500;
const HELD_OUT_FROM = 1_350;

describe('on a ring that shoppers walk with probability .8', () => {
  const result = backtest(ringShop(SESSIONS), trainRandomly, 1);

  test('what knows the next step is right at least as often as it is taken', async () => {
    const { evaluations, best } = await result;
    for (const name of ['markov', 'blend']) {
      expect(evaluations[name].all['HR@5'].value).toBeGreaterThan(0.8);
      expect(evaluations[name].all['MRR@20'].value).toBeGreaterThan(0.75);
    }
    expect(evaluations[best].all['HR@20'].value).toBeGreaterThan(0.8);
  });

  test('popularity is right by chance: 20 of 60', async () => {
    const { evaluations } = await result;
    expect(evaluations['popularity'].all['HR@20'].value).toBeCloseTo(20 / PRODUCTS, 1);
    expect(evaluations['popularity'].coverage.value).toBeCloseTo(20 / PRODUCTS, 12);
  });

  test('says how far the best is ahead of each other', async () => {
    const { leads, best, evaluations } = await result;
    expect(Object.keys(leads).sort()).toEqual(
      Object.keys(evaluations)
        .filter((name) => name !== best)
        .sort(),
    );
    const lead = leads['popularity']['HR@20'];
    const hitRateAsServed = (name: string) => evaluations[name].asServed!.gains['HR@20'].value;
    expect(lead.value).toBeCloseTo(hitRateAsServed(best) - hitRateAsServed('popularity'), 12);
    expect(lead.low).toBeGreaterThan(0.3);
  });

  test('covers every strategy, and gives the weights of the blend back by feature', async () => {
    const tested = await result;
    const measured = STRATEGIES.filter((name) => name !== 'bought-together');
    for (const name of measured) expect(tested.evaluations[name].positions).toBe(150 * 4);
    expect(tested.unmeasured).toEqual({ 'bought-together': expect.stringContaining('no purchases and no carts') });
    const { repeatShare, asServed } = tested.evaluations['blend'];
    expect(asServed?.positions).toBe(Math.round(150 * 4 * (1 - repeatShare)));
    expect(tested.sessions).toEqual({ earlier: HELD_OUT_FROM, heldOut: SESSIONS - HELD_OUT_FROM });
    const stored = JSON.parse(JSON.stringify(tested));
    expect(blendWeightsOf(stored.blendWeights)).toEqual(
      Float64Array.from(BLEND_FEATURES, (feature) => tested.blendWeights![feature]),
    );
  });

  test('is the same for the same seed', async () => {
    expect(await backtest(ringShop(SESSIONS), trainRandomly, 1)).toEqual(await result);
  });
});

test('nothing leaks: with shuffled next views every strategy falls to chance', async () => {
  const { evaluations } = await backtest(shuffleHeldOut(ringShop(SESSIONS)), trainRandomly, 1, HELD_OUT_FROM);
  // 600 questions: five standard deviations of HR@20 = 20 / 60 are .096, of HR@5 = 5 / 60 are .056.
  for (const evaluation of Object.values<Evaluation>(evaluations)) {
    expect(evaluation.all['HR@20'].value).toBeLessThan(20 / PRODUCTS + 0.096);
    expect(evaluation.all['HR@5'].value).toBeLessThan(5 / PRODUCTS + 0.056);
  }
});

test('what is held out changes nothing in what is learned', async () => {
  const plain = await backtest(ringShop(SESSIONS), trainRandomly, 1, HELD_OUT_FROM);
  const shuffled = await backtest(shuffleHeldOut(ringShop(SESSIONS)), trainRandomly, 1, HELD_OUT_FROM);
  expect(shuffled.blendWeights).toEqual(plain.blendWeights);
});

test('a shop with too few sessions to fit the blend gets the unfitted weights', async () => {
  const { blendWeights, evaluations } = await backtest(ringShop(60), trainRandomly, 1);
  expect(blendWeights).toBeNull();
  expect(blendWeightsOf(blendWeights)).toBeUndefined();
  expect(evaluations['blend'].all['HR@20'].value).toBeGreaterThan(0.4);
});

test.each([0, 1])('refuses %d sessions', async (sessions) => {
  await expect(backtest(ringShop(sessions), trainRandomly, 1)).rejects.toThrow(InputError);
});

/** Every held-out view becomes a random product: what is asked has nothing to do with what was viewed. */
function shuffleHeldOut(corpus: Corpus): Corpus {
  const random = seededRandom(3);
  const from = corpus.offsets[HELD_OUT_FROM];
  return { ...corpus, views: corpus.views.map((view, i) => (i < from ? view : randomInteger(random, PRODUCTS))) };
}

describe('asked about purchases', () => {
  const ABOUT_PURCHASES = { ...PRESETS.layer, question: 'purchase' as const };
  /** Shoppers of the ring who buy the product that they view last. */
  const shop = ringShop(SESSIONS);
  const kinds = new Uint8Array(shop.views.length);
  for (const end of shop.offsets.subarray(1)) kinds[end - 1] = 2;
  const bought: Corpus = { ...shop, kinds };

  test('it asks once for each product that a session buys, and says so', async () => {
    const { question, evaluations, unmeasured } = await backtest(
      bought,
      trainRandomly,
      1,
      HELD_OUT_FROM,
      ABOUT_PURCHASES,
    );
    expect(question).toBe('purchase');
    const sessions = Array.from({ length: 150 }, (_, s) =>
      shop.views.subarray(shop.offsets[HELD_OUT_FROM + s], shop.offsets[HELD_OUT_FROM + s + 1]),
    );
    const asked = sessions.filter((views) => views.indexOf(views.at(-1)!) > 0).length;
    expect(evaluations['markov'].positions).toBe(asked);
    // The product was never viewed before, so both ways to ask are one.
    expect(evaluations['markov'].asServed!.positions).toBe(asked);
    expect(evaluations['markov'].repeatShare).toBe(0);
    expect(evaluations['bought-together'].positions).toBe(asked);
    expect(unmeasured).toBeUndefined();
  });

  test('it asks about views alone otherwise', async () => {
    const { question, evaluations } = await backtest(bought, trainRandomly, 1, HELD_OUT_FROM);
    expect(question).toBeUndefined();
    expect(evaluations['markov'].positions).toBe(150 * 3);
  });

  test('it refuses sessions that buy nothing, with the remedy', async () => {
    const noneHeldOut = { ...bought, kinds: kinds.map((kind, i) => (i < shop.offsets[HELD_OUT_FROM] ? kind : 0)) };
    const failed = backtest(noneHeldOut, trainRandomly, 1, HELD_OUT_FROM, ABOUT_PURCHASES);
    await expect(failed).rejects.toThrow(InputError);
    await expect(failed).rejects.toThrow('None of the 150 sessions that were held out buys a product');
  });
});

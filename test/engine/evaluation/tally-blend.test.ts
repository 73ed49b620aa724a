import { expect, test } from 'vitest';
import { namesToTally, tallyOne, trainOnEarlier } from '../../../engine/evaluation/backtest.ts';
import { collectChoices } from '../../../engine/evaluation/fit-blend.ts';
import { joinTally } from '../../../engine/evaluation/tally.ts';
import { positionsToLearnFrom, TALLIED_WITH_BLEND, tallyBlend } from '../../../engine/evaluation/tally-blend.ts';
import { ringShop, trainRandomly } from './sample-shop.ts';

const HELD_OUT_FROM = 900;
const { index, later } = await trainOnEarlier(ringShop(1_000), trainRandomly, HELD_OUT_FROM);

test.each([1, 3])('the blend and its parts are tallied as each alone, in %i parts', (parts) => {
  const blends = Array.from({ length: parts }, (_, part) => tallyBlend(index, later, { part, parts }));
  for (const name of TALLIED_WITH_BLEND) {
    expect(namesToTally(index)).toContain(name);
    expect(joinTally(blends.map(({ tallies }) => tallies[name])), name).toEqual(tallyOne(index, name, later, 1));
  }
});

test.each([1, 3])('the choices are those of all positions where there are no more, in %i parts', (parts) => {
  const choices = Array.from({ length: parts }, (_, part) => tallyBlend(index, later, { part, parts }).choices).flat();
  expect(choices).toEqual(collectChoices(index, later));
  expect(choices.length).toBeGreaterThan(300);
});

test('where there are more, it is what is tallied that is learned from', async () => {
  const large = await trainOnEarlier(ringShop(6_000), trainRandomly, HELD_OUT_FROM);
  const { choices, tallies } = tallyBlend(large.index, large.later);
  expect(joinTally([tallies['blend']])).toEqual(tallyOne(large.index, 'blend', large.later, 1));
  const total = large.later.views.length - (large.later.offsets.length - 1);
  const tallied = tallies['blend'].positions.viewedAllowed;
  expect(total).toBeGreaterThan(1.5 * tallied);
  expect(choices.length).toBeGreaterThan(0.9 * tallied);
  expect(choices.length).toBeLessThanOrEqual(tallied);
});

test('a large catalogue is learned from at more positions', () => {
  expect([200, 10_666, 17_001, 43_097].map(positionsToLearnFrom)).toEqual([10_000, 15_999, 25_502, 64_000]);
});

import { expect, test } from 'vitest';
import { pickSessions } from '../../../engine/clicks/corpus.ts';
import { namesToTally, tallyOne, trainOnEarlier } from '../../../engine/evaluation/backtest.ts';
import { collectChoices } from '../../../engine/evaluation/fit-blend.ts';
import { joinTally } from '../../../engine/evaluation/tally.ts';
import { TALLIED_WITH_BLEND, tallyBlend } from '../../../engine/evaluation/tally-blend.ts';
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

test('the choices are those of four of five sessions, in their order', () => {
  const { choices } = tallyBlend(index, later);
  const sessionCount = later.offsets.length - 1;
  const kept = Array.from({ length: sessionCount }, (_, session) => session).filter((session) => session % 5 < 4);
  // Every session is asked about, and none so often that some of its questions are left out.
  const { offsets, views } = pickSessions(later, kept);
  expect(choices).toEqual(collectChoices(index, { offsets, views }));
  expect(choices.length).toBeGreaterThan(300);
});

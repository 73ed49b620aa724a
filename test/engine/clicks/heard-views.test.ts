import { expect, test } from 'vitest';
import { countVisits, heardSentences, heardViews } from '../../../engine/clicks/heard-views.ts';
import { sessionsOf } from '../ranking/example-index.ts';

const [a, b, c] = [0, 1, 2];

test('of a session three visits to a product count, and of a visit two views', () => {
  const session = [a, a, a, b, a, c, a, b, a, a, c];
  expect([...heardViews(sessionsOf([session]), 3)]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1]);
  expect([...countVisits(sessionsOf([session]), 3)]).toEqual([3, 2, 2]);
});

test('each session has its own voice, and a session ends a visit', () => {
  const session = [a, b, a, b, a, b, a, b];
  expect([...countVisits(sessionsOf([session, session, [b], [b, b]]), 2)]).toEqual([6, 8]);
});

test('sentences are what is heard, without immediate repeats, those that come of leaving out included', () => {
  const sessions = sessionsOf([
    [a, a, a, b, a, c, a, c, a, c],
    [b, b],
  ]);
  // The fourth visit to a is not heard, so c follows c: one view.
  expect(heardSentences(sessions, 3)).toEqual(sessionsOf([[a, b, a, c, a, c], [b]]));
});

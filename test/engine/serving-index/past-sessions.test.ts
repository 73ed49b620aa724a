import { expect, test } from 'vitest';
import { indexPastSessions } from '../../../engine/serving-index/past-sessions.ts';
import { sessionsOf } from '../ranking/example-index.ts';

const [a, b, c] = [0, 1, 2];
const sessions = sessionsOf([
  [a, b],
  [b, b, a],
  [c, a],
]);

test('finds the views of each product, newest session first and first view first', () => {
  const past = indexPastSessions(sessions, 3);
  expect([...past.offsets]).toEqual([0, 2, 5, 7]);
  expect([...past.views]).toEqual([a, b, b, b, a, c, a]);
  expect([...past.sessionOf]).toEqual([0, 0, 1, 1, 1, 2, 2]);
  expect([...past.occurrenceOffsets]).toEqual([0, 3, 6, 7]);
  expect([...past.occurrences]).toEqual([6, 4, 0, 2, 3, 1, 5]);
  expect([...past.recency]).toEqual([2 ** (-2 / 3), 2 ** (-1 / 3), 1].map(Math.fround));
  // Of three sessions, a is in all, b in two, c in one.
  expect([...past.inverseFrequency]).toEqual([0, Math.log(3 / 2), Math.log(3)].map(Math.fround));
});

test('leaves out the oldest sessions beyond the limit, with the weights that all of them give', () => {
  const past = indexPastSessions(sessions, 3, 6);
  expect([...past.views]).toEqual([b, b, a, c, a]);
  expect([...past.recency]).toEqual([2 ** (-1 / 3), 1].map(Math.fround));
  expect([...past.occurrenceOffsets]).toEqual([0, 2, 4, 5]);
  expect([...past.occurrences]).toEqual([4, 2, 0, 1, 3]);
  expect([...past.inverseFrequency]).toEqual([0, Math.log(3 / 2), Math.log(3)].map(Math.fround));
});

test('keeps the heaviest event of a session for the product of each view, where events have weights', () => {
  expect(indexPastSessions(sessions, 3).weights).toBeUndefined();
  const weights = Float32Array.of(1, 3, 1, 5, 1, 1, 1);
  expect([...indexPastSessions({ ...sessions, weights }, 3).weights!]).toEqual([1, 3, 5, 5, 1, 1, 1]);
  // Without the oldest session.
  expect([...indexPastSessions({ ...sessions, weights }, 3, 6).weights!]).toEqual([5, 5, 1, 1, 1]);
});

test('a purchase is found among the visits of a product, however often it was viewed before', () => {
  const often = sessionsOf([[a, b, a, b, a, b, a]]);
  const weights = Float32Array.of(1, 1, 1, 1, 1, 1, 5);
  const { occurrenceOffsets, occurrences } = indexPastSessions({ ...often, weights }, 2);
  expect([...occurrences.subarray(occurrenceOffsets[a], occurrenceOffsets[a + 1])]).toEqual([0, 2, 6]);
});

test('a session longer than what is left does not keep out the older ones', () => {
  expect([...indexPastSessions(sessions, 3, 4).views]).toEqual([a, b, c, a]);
});

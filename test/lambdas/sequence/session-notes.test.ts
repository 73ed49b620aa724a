import { expect, it } from 'vitest';
import type { OrderedViews } from '../../../engine/clicks/order-views.ts';
import { describeSessions } from '../../../lambdas/sequence/session-notes.ts';

const ordered = {
  tiedViews: 1,
  sessionNumbers: Int32Array.of(0, 0, 1, 1),
  startTimesMs: Float64Array.of(1, 2),
} as unknown as OrderedViews;
const notesOf = (weights: Float64Array | undefined, orderedBy?: string) =>
  describeSessions(ordered, { ordered, leftOut: [], notes: [] }, { orderedBy, weights }).notes;

it('says that weights of events are not learned from, where there are any', () => {
  expect(notesOf(Float64Array.of(1, 3, 1, 1))).toEqual([expect.stringContaining('nothing is learned from them yet')]);
  expect(notesOf(undefined)).toEqual([]);
});

it('names the column whose values tie', () => {
  expect(notesOf(undefined, 'seen')).toEqual([expect.stringContaining('25.0 % of the views have the same "seen"')]);
});

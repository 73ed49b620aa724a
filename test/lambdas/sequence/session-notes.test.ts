import { expect, it } from 'vitest';
import type { OrderedViews } from '../../../engine/clicks/order-views.ts';
import { describeSessions } from '../../../lambdas/sequence/session-notes.ts';

const ordered = {
  tiedViews: 1,
  sessionNumbers: Int32Array.of(0, 0, 1, 1),
  startTimesMs: Float64Array.of(1, 2),
} as unknown as OrderedViews;
const notesOf = (orderedBy: string | undefined) =>
  describeSessions(ordered, { ordered, leftOut: [], notes: [] }, { orderedBy }).notes;

it('names the column whose values tie', () => {
  expect(notesOf(undefined)).toEqual([]);
  expect(notesOf('seen')).toEqual([expect.stringContaining('25.0 % of the views have the same "seen"')]);
});

import { expect, test } from 'vitest';
import { DEFAULT_SESSION_KNN } from '../../../engine/serving-index/session-knn-settings.ts';
import { sessionKnnNotesOf } from '../../../lambdas/evaluate/session-knn-notes.ts';

test('says what was chosen in place of what, and what it gained', () => {
  const settings = { ...DEFAULT_SESSION_KNN, decay: 0.3, backwardShare: 0.25 };
  expect(sessionKnnNotesOf({ settings, before: 0.2349, after: 0.2781 })).toEqual([
    'session-knn was fitted to the shop: decay 0.3 in place of 0.5, backwardShare 0.25 in place of 1; its NDCG@20 on the sessions that it was fitted on went from 0.235 to 0.278.',
  ]);
});

test('says nothing where the defaults stay, or nothing was fitted', () => {
  expect(sessionKnnNotesOf({ settings: DEFAULT_SESSION_KNN, before: 0.2, after: 0.2 })).toEqual([]);
  expect(sessionKnnNotesOf(undefined)).toEqual([]);
});

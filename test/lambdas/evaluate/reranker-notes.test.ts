import { expect, test } from 'vitest';
import { rerankerNotesOf } from '../../../lambdas/evaluate/reranker-notes.ts';

test('says what the network gained on how many questions, and nothing where there is none', () => {
  expect(rerankerNotesOf({ inputs: [], units: [], questions: 1_200, before: 0.3382, after: 0.3471 })).toEqual([
    'blend was given a network that ranks its best candidates anew: its NDCG@20 on 1,200 questions that the network had not seen went from 0.338 to 0.347.',
  ]);
  expect(rerankerNotesOf(undefined)).toEqual([]);
});

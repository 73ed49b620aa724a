import { expect, test } from 'vitest';
import { rerankerNotesOf } from '../../../lambdas/evaluate/reranker-notes.ts';

test('says what the network gained on how many questions, and nothing where there is none', () => {
  expect(
    rerankerNotesOf({
      inputs: [],
      units: [],
      questions: 1_200,
      likelihoodRatio: 1.0321,
      before: 0.3382,
      after: 0.3471,
    }),
  ).toEqual([
    'blend was given a network that ranks its best candidates anew: on 1,200 questions that it had not seen, all those whose answer is among these candidates, what was viewed next is 3.2 % likelier with it; NDCG@20 of all questions is 0.347 in place of 0.338.',
  ]);
  expect(rerankerNotesOf(undefined)).toEqual([]);
});

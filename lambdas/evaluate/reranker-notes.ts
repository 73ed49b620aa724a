import type { RunEvaluation } from '../../engine/evaluation/run-evaluation.ts';

/** What the network brought that corrects the blend; nothing where there is none. */
export function rerankerNotesOf(fitted: RunEvaluation['reranker']): string[] {
  if (fitted === undefined) return [];
  const { questions, likelihoodRatio, before, after } = fitted;
  const percent = ((likelihoodRatio - 1) * 100).toFixed(1);
  return [
    `blend was given a network that ranks its best candidates anew: on ${questions.toLocaleString('en-US')} questions that it had not seen, all those whose answer is among these candidates, what was viewed next is ${percent} % likelier with it; NDCG@20 of all questions is ${after.toFixed(3)} in place of ${before.toFixed(3)}.`,
  ];
}

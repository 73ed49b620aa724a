import type { RunEvaluation } from '../../engine/evaluation/run-evaluation.ts';

/** What the network brought that corrects the blend; nothing where there is none. */
export function rerankerNotesOf(fitted: RunEvaluation['reranker']): string[] {
  if (fitted === undefined) return [];
  const { questions, before, after } = fitted;
  return [
    `blend was given a network that ranks its best candidates anew: its NDCG@20 on ${questions.toLocaleString('en-US')} questions that the network had not seen went from ${before.toFixed(3)} to ${after.toFixed(3)}.`,
  ];
}

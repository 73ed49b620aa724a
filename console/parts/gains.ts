import type { Evaluation, Gains } from '../../engine/evaluation/figures.ts';

export type Gain = keyof Gains;

export const GAINS: readonly Gain[] = ['HR@5', 'HR@10', 'HR@20', 'MRR@20', 'NDCG@20'];

export const GAIN_MEANINGS: Record<Gain, string> = {
  'HR@5': 'share of views whose next product was among the first 5',
  'HR@10': 'share of views whose next product was among the first 10',
  'HR@20': 'share of views whose next product was among the first 20',
  'MRR@20': 'mean of 1 / rank of the next product in the first 20',
  'NDCG@20': 'share of HR@20, each hit discounted by the logarithm of its rank',
};

/** Of lists without viewed products; of a report of release 0.1.0, the nearest that it has. */
export function servedGains({ asServed, newProducts }: Evaluation): Gains {
  return asServed?.gains ?? newProducts;
}

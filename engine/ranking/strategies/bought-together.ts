import { newestDistinct, type Scorer } from '../scorer.ts';

const DECAY = 0.6;

/**
 * What was bought in the same session, or put into the same cart where no purchase is known: Σ_k 0.6^k · score(the distinct
 * product k steps back). It says nothing where nobody bought any of the viewed products together with another.
 */
export const boughtTogether: Scorer = ({ boughtTogether: bought }, { viewed }, board) => {
  if (bought === undefined) return;
  let weight = 1;
  for (const product of newestDistinct(viewed)) {
    for (let i = bought.offsets[product]; i < bought.offsets[product + 1]; i++) {
      board.add(bought.products[i], weight * bought.scores[i]);
    }
    weight *= DECAY;
  }
};

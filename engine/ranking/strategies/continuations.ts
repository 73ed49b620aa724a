import type { Scorer } from '../scorer.ts';
import { sessionsOfProduct } from './sessions-of-product.ts';

const LONGEST_MATCH = 5;
const MATCH_FACTOR = 8;

/**
 * Variable-order Markov chain, looked up instead of counted: of the newest 1,000 views of the newest product, each
 * votes for what came next, by 2^(−age / S) · 8^(m − 1), where m ≤ 5 is how many views up to it are the session's last
 * views in the same order. Where events have weights, the vote is multiplied by that of the heaviest event that the session
 * has for the product voted for.
 */
export const continuations: Scorer = (index, { viewed }, board) => {
  const { pastSessions: past } = index;
  const newest = viewed.at(-1);
  if (newest === undefined) return;
  const sessions = sessionsOfProduct(index, newest);
  for (let o = past.occurrenceOffsets[newest]; o < past.occurrenceOffsets[newest + 1]; o++) {
    const position = past.occurrences[o];
    const session = sessions[o];
    if (position + 1 === past.offsets[session + 1]) continue;
    const longest = Math.min(LONGEST_MATCH, viewed.length, position - past.offsets[session] + 1);
    let vote = past.recency[session];
    for (let m = 1; m < longest && past.views[position - m] === viewed[viewed.length - 1 - m]; m++) {
      vote *= MATCH_FACTOR;
    }
    board.add(past.views[position + 1], past.weights === undefined ? vote : vote * past.weights[position + 1]);
  }
};

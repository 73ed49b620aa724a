import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import type { Scorer } from '../scorer.ts';

/**
 * What is popular now: views that halve in weight with every half-life (`countTrend`), or, in a model without times or older than
 * these sections, with every twentieth of the sessions. It is the same for every shopper, so that the best are known
 * before anybody asks.
 */
export const trending: Scorer = (index, { enough, admitted, adjustments }, board) => {
  const { trend, order } = trendOf(index);
  let left = enough ?? order.length;
  for (const product of order) {
    if (left === 0) break;
    if (admitted?.has(product) === false || adjustments?.touched.has(product) === true) continue;
    board.add(product, trend[product]);
    left--;
  }
  // A changed score may be among the best from any place.
  if (adjustments === undefined) return;
  for (const product of order) if (adjustments.touched.has(product)) board.add(product, trend[product]);
};

function orderByTrend({ trend: stored, recentViews, productIds }: ServingIndex) {
  const trend = stored ?? recentViews;
  const order = Uint32Array.from(productIds.keys()).filter((product) => trend[product] > 0);
  return { trend, order: order.sort((a, b) => trend[b] - trend[a] || a - b) };
}

const trendOf = perIndex(orderByTrend);

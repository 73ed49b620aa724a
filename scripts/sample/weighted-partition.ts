import { groupItems } from '../../engine/numeric/grouping.ts';
import type { Random } from '../../engine/numeric/random.ts';

/** Draws a member of a part with a probability in proportion to its weight. */
export type DrawFrom = (part: number, random: Random) => number;

/**
 * Members 0…n-1 split into parts, each member with a weight. Building is linear, a draw is a binary search over the
 * cumulative weights of one part.
 *
 * @param partOf (n) the part of each member, 0…partCount-1; every part has a member.
 * @param weights (n) positive.
 */
export function weightedPartition(partOf: ArrayLike<number>, partCount: number, weights: ArrayLike<number>): DrawFrom {
  const { offsets, items: members } = groupItems(partOf, partCount);
  /** cumulative[m]: weight of everything before m, over all parts; the last element is the total. */
  const cumulative = new Float64Array(members.length + 1);
  for (let m = 0; m < members.length; m++) cumulative[m + 1] = cumulative[m] + weights[members[m]];

  return (part, random) => {
    let low = offsets[part];
    let high = offsets[part + 1] - 1;
    const target = cumulative[low] + random() * (cumulative[high + 1] - cumulative[low]);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle + 1] > target) high = middle;
      else low = middle + 1;
    }
    return members[low];
  };
}

/** Draws an index of `weights`. */
export function weightedChoice(weights: readonly number[]): (random: Random) => number {
  const draw = weightedPartition(new Uint8Array(weights.length), 1, weights);
  return (random) => draw(0, random);
}

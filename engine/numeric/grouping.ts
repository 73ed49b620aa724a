/** Items 0…n-1 by the group of each, as one array and where each group starts in it. */
export interface Grouping {
  /** (groupCount + 1) group g has the items [offsets[g], offsets[g + 1]) of `items`. */
  readonly offsets: Uint32Array;
  /** (n) ascending inside a group */
  readonly items: Uint32Array;
}

/**
 * Groups items by a counting sort, in O(n + groupCount).
 *
 * @param groupOf (n) the group of each item, 0…groupCount-1.
 */
export function groupItems(groupOf: ArrayLike<number>, groupCount: number): Grouping {
  const sizes = new Uint32Array(groupCount);
  for (let item = 0; item < groupOf.length; item++) sizes[groupOf[item]]++;
  const offsets = offsetsOf(sizes);
  const next = offsets.slice();
  const items = new Uint32Array(groupOf.length);
  for (let item = 0; item < groupOf.length; item++) items[next[groupOf[item]]++] = item;
  return { offsets, items };
}

/**
 * Where parts of these sizes start when they lie one after the other.
 *
 * @param sizes (parts)
 * @returns (parts + 1); the last is where they end.
 */
export function offsetsOf(sizes: ArrayLike<number>): Uint32Array {
  const offsets = new Uint32Array(sizes.length + 1);
  for (let part = 0; part < sizes.length; part++) offsets[part + 1] = offsets[part] + sizes[part];
  return offsets;
}

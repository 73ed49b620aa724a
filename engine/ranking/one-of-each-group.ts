/** Takes one product of each group of variants. */
export class OneOfEachGroup {
  readonly #groupOf: Int32Array | undefined;
  readonly #taken = new Set<number>();

  /** @param groupOf (≥ productCount) below 0 where a product has no group; undefined: none has. */
  constructor(groupOf: Int32Array | undefined) {
    this.#groupOf = groupOf;
  }

  /** @returns false for a product whose group has one already. */
  take(product: number): boolean {
    const group = this.#groupOf === undefined ? -1 : this.#groupOf[product];
    if (group < 0) return true;
    if (this.#taken.has(group)) return false;
    this.#taken.add(group);
    return true;
  }
}

/**
 * The best products of different groups.
 *
 * @param bestOf the best so many of all, best first. It is asked again, for twice as many, as long as variants take the
 * places of others, which is seldom.
 * @param shown products whose groups have one already.
 */
export function bestOfGroups<T extends { product: number }>(
  count: number,
  groupOf: Int32Array | undefined,
  shown: Iterable<number>,
  bestOf: (most: number) => T[],
): T[] {
  if (groupOf === undefined) return bestOf(count);
  for (let most = count; ; most *= 2) {
    const groups = new OneOfEachGroup(groupOf);
    for (const product of shown) groups.take(product);
    const all = bestOf(most);
    const different = all.filter(({ product }) => groups.take(product));
    if (different.length >= count || all.length < most) return different.slice(0, count);
  }
}

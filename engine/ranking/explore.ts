import type { ArrangedProduct } from './arrange.ts';
import { OneOfEachGroup } from './one-of-each-group.ts';
import type { RankedProduct } from './ranked-product.ts';

export interface ExploreRequest {
  /** Length of the list. */
  count: number;
  /** How many candidates may be let in. */
  places: number;
  /** (≥ productCount) as in `RankRequest`. */
  variantGroups?: Int32Array | undefined;
}

/**
 * Lets candidates into a list: first where it is too short, then in its last places that are not pinned.
 *
 * @param candidates best first, none of them on the list.
 */
export function explore(
  list: readonly ArrangedProduct[],
  candidates: readonly RankedProduct[],
  { count, places, variantGroups }: ExploreRequest,
): ArrangedProduct[] {
  const open = list.flatMap(({ source }, i) => (source === 'pinned' ? [] : i));
  const free = count - list.length;
  let most = Math.min(places, free + open.length);
  for (;;) {
    const givenUp = new Set(open.slice(open.length - Math.max(0, most - free)));
    const found = choose(most, givenUp);
    // Who keeps a place after all may be a variant of one that was found.
    if (found.length < most) most = found.length;
    else return fill(list, found, givenUp);
  }

  function choose(most: number, givenUp: ReadonlySet<number>): RankedProduct[] {
    const groups = new OneOfEachGroup(variantGroups);
    for (const [i, { product }] of list.entries()) if (!givenUp.has(i)) groups.take(product);
    const found: RankedProduct[] = [];
    for (const candidate of candidates) {
      if (found.length === most) break;
      if (groups.take(candidate.product)) found.push(candidate);
    }
    return found;
  }
}

function fill(
  list: readonly ArrangedProduct[],
  found: readonly RankedProduct[],
  givenUp: ReadonlySet<number>,
): ArrangedProduct[] {
  let next = 0;
  const filled = list.map((item, i) => (givenUp.has(i) ? found[next++] : item));
  return [...filled, ...found.slice(next)];
}

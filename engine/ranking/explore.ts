import { type ArrangedProduct, Spread, type SpreadLimit } from './arrange.ts';
import { OneOfEachGroup } from './one-of-each-group.ts';
import type { RankedProduct } from './ranked-product.ts';

export interface ExploreRequest {
  /** Length of the list. */
  count: number;
  /** How many candidates may be let in. */
  places: number;
  /** (≥ productCount) as in `RankRequest`. */
  variantGroups?: Int32Array | undefined;
  limits?: readonly SpreadLimit[] | undefined;
}

/**
 * Lets candidates into a list: first where it is too short, then in its last places that are not pinned. Each place goes to
 * the best candidate left that keeps every limit. Where none does, whoever had the place keeps it, and one that was free
 * goes to the best candidate left: as in `arrange`, limits make no list shorter.
 *
 * @param candidates best first, none of them on the list.
 */
export function explore(
  list: readonly ArrangedProduct[],
  candidates: readonly RankedProduct[],
  { count, places, variantGroups, limits = [] }: ExploreRequest,
): ArrangedProduct[] {
  const open = list.flatMap(({ source }, i) => (source === 'pinned' ? [] : i));
  const free = count - list.length;
  let most = Math.min(places, free + open.length);
  for (;;) {
    const givenUp = open.slice(open.length - Math.max(0, most - free));
    const added = most - givenUp.length;
    const found = choose([...givenUp, ...Array.from({ length: added }, (_, i) => list.length + i)]);
    // Who keeps a place after all may be a variant of one that was found, or count for a limit.
    if (found.size < most) most = found.size;
    else return Array.from({ length: list.length + added }, (_, i) => found.get(i) ?? list[i]);
  }

  /** @returns candidates by their positions in the list; fewer where not enough suit. */
  function choose(positions: readonly number[]): Map<number, RankedProduct> {
    const groups = new OneOfEachGroup(variantGroups);
    const spread = new Spread(limits);
    for (const [i, { product }] of list.entries()) {
      if (positions.includes(i)) continue;
      groups.take(product);
      spread.take(product, i + 1);
    }
    const left = new Set(candidates);
    const found = new Map<number, RankedProduct>();
    for (const position of positions) {
      const place = position + 1;
      const keepsLimits = ({ product }: RankedProduct) => spread.brokenBy(product, place) === undefined;
      const chosen = best(left, groups, keepsLimits) ?? (position < list.length ? undefined : best(left, groups));
      if (chosen === undefined) continue;
      left.delete(chosen);
      spread.take(chosen.product, place);
      found.set(position, chosen);
    }
    return found;
  }
}

function best(candidates: Iterable<RankedProduct>, groups: OneOfEachGroup, suits = (_: RankedProduct) => true) {
  for (const candidate of candidates) if (suits(candidate) && groups.take(candidate.product)) return candidate;
  return undefined;
}

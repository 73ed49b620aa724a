import type { RankedProduct } from './ranked-product.ts';

/** A product that has a place of its own. */
export interface Pin {
  product: number;
  /** From 1. */
  place: number;
}

/** At most `most` products of one group among the first `first`. */
export interface SpreadLimit {
  most: number;
  first: number;
  /** A product is in none, one or several. */
  groupsOf(product: number): Iterable<number>;
}

export interface ArrangedProduct extends RankedProduct {
  /** The limit, by its position in the list of limits, that kept a better place from it. */
  heldBackBy?: number;
}

/**
 * How far down the ranking it is looked for products that keep the limits: what ranks below is no recommendation any more,
 * and a catalogue of one brand must not be gone through for a second one.
 */
export const SPREAD_REACH = 1_000;

/**
 * Puts pinned products at their places and the others, best first, around them. With limits it is greedy: each place goes
 * to the best product left that keeps every limit, and where none is left, to the best that does not. So a list is as long
 * as without limits.
 *
 * @param ranking best first, without the pinned ones; enough to fill `count`.
 * @param pinned of different products and places; what does not fit into `count` is left out. Beyond the end of the others
 * they follow without a gap.
 * @returns `ranOut`: with a longer ranking the list might be another.
 */
export function arrange(
  ranking: readonly RankedProduct[],
  count: number,
  pinned: ReadonlyMap<number, RankedProduct>,
  limits: readonly SpreadLimit[],
): { items: ArrangedProduct[]; ranOut: boolean } {
  const spread = new Spread(limits);
  for (const [place, { product }] of pinned) if (place <= count) spread.take(product, place);
  let pinsLeft = [...pinned.keys()].filter((place) => place <= count).length;
  const arranged: ArrangedProduct[] = [];
  const heldBack: ArrangedProduct[] = [];
  let next = 0;
  let ranOut = false;
  let limitsSoFar = limits.length;
  let mayHeldBackFit = false;
  for (let place = 1; place <= count; place++) {
    const pin = pinned.get(place);
    if (pin !== undefined) {
      arranged.push(pin);
      pinsLeft--;
      continue;
    }
    const chosen = choose(place);
    if (chosen !== undefined) {
      arranged.push(chosen);
      spread.take(chosen.product, place);
    } else if (pinsLeft === 0) break;
  }
  return { items: arranged, ranOut };

  function choose(place: number): ArrangedProduct | undefined {
    // What was held back stays so until one of the limits ends, since groups only grow.
    const limitsHere = limits.filter(({ first }) => place <= first).length;
    if (limitsHere < limitsSoFar) mayHeldBackFit = true;
    limitsSoFar = limitsHere;
    if (mayHeldBackFit) {
      const found = heldBack.findIndex(({ product }) => spread.brokenBy(product, place) === undefined);
      if (found !== -1) return heldBack.splice(found, 1)[0];
      mayHeldBackFit = false;
    }
    while (next < ranking.length) {
      const candidate = ranking[next++];
      const heldBackBy = spread.brokenBy(candidate.product, place);
      if (heldBackBy === undefined) return candidate;
      heldBack.push({ ...candidate, heldBackBy });
    }
    ranOut = true;
    return heldBack.shift();
  }
}

/** How many of each group stand where a limit looks. */
export class Spread {
  readonly #limits: readonly SpreadLimit[];
  /** A map a limit, from a group to how many of it there are. */
  readonly #counts: Map<number, number>[];

  constructor(limits: readonly SpreadLimit[]) {
    this.#limits = limits;
    this.#counts = limits.map(() => new Map());
  }

  /** The first limit that the product would break there, by its position. */
  brokenBy(product: number, place: number): number | undefined {
    for (let l = 0; l < this.#limits.length; l++) {
      const { most, first, groupsOf } = this.#limits[l];
      if (place > first) continue;
      for (const group of groupsOf(product)) if ((this.#counts[l].get(group) ?? 0) >= most) return l;
    }
    return undefined;
  }

  take(product: number, place: number): void {
    this.#limits.forEach(({ first, groupsOf }, l) => {
      if (place > first) return;
      for (const group of groupsOf(product)) this.#counts[l].set(group, (this.#counts[l].get(group) ?? 0) + 1);
    });
  }
}

import type { Sessions } from './corpus.ts';

type WeightedSessions = Sessions & { weights: Float32Array };

/** Views of one product that follow each other at once. */
interface Visit {
  /** Its views are [from, to). */
  from: number;
  to: number;
  weight: number;
}

/**
 * `heardViews` where events have weights: of a session the heaviest visits to a product, and of each visit the first view and
 * the heaviest repeat. Of equals the earlier, so that equal weights are the same as none.
 */
export function heaviestHeard({ offsets, views, weights }: WeightedSessions, mostVisits: number): Uint8Array {
  const isHeard = new Uint8Array(views.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    const visitsOf = new Map<number, Visit[]>();
    for (let from = offsets[session]; from < offsets[session + 1]; ) {
      let [to, weight] = [from, 0];
      for (; to < offsets[session + 1] && views[to] === views[from]; to++) weight = Math.max(weight, weights[to]);
      const visits = visitsOf.get(views[from]);
      if (visits === undefined) visitsOf.set(views[from], [{ from, to, weight }]);
      else visits.push({ from, to, weight });
      from = to;
    }
    for (const visits of visitsOf.values()) {
      if (visits.length > mostVisits) visits.sort((a, b) => b.weight - a.weight || a.from - b.from);
      for (const { from, to } of visits.slice(0, mostVisits)) {
        isHeard[from] = 1;
        const repeat = heaviestIn(weights, from + 1, to);
        if (repeat !== undefined) isHeard[repeat] = 1;
      }
    }
  }
  return isHeard;
}

/** @returns the first of the heaviest in [from, to); undefined of none. */
function heaviestIn(weights: Float32Array, from: number, to: number): number | undefined {
  let heaviest = from < to ? from : undefined;
  for (let i = from + 1; i < to; i++) if (weights[i] > weights[heaviest!]) heaviest = i;
  return heaviest;
}

/**
 * What a view counts as beside other products: the heaviest event that its session has for the product. A shopper seldom buys
 * right after the product that led to it was viewed; the views of what is then bought stand there.
 *
 * @returns (viewCount)
 */
export function weightsInSession({ offsets, views, weights }: WeightedSessions): Float32Array {
  const lifted = new Float32Array(views.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    const heaviest = new Map<number, number>();
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      heaviest.set(views[i], Math.max(weights[i], heaviest.get(views[i]) ?? 0));
    }
    for (let i = offsets[session]; i < offsets[session + 1]; i++) lifted[i] = heaviest.get(views[i])!;
  }
  return lifted;
}

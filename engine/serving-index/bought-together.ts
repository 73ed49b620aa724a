import {
  type Container,
  finiteSectionOf,
  hasSection,
  inconsistent,
  type Section,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { KIND_NUMBER } from '../clicks/event-kinds.ts';
import { type ArraySpace, copyInto } from '../numeric/array-space.ts';
import { groupItems } from '../numeric/grouping.ts';
import { ScoreBoard } from '../numeric/score-board.ts';
import { TopK } from '../numeric/top-k.ts';

/** What sessions bought together: one sparse row a product. */
export interface BoughtTogether {
  /** Of carts where the sessions have no purchase at all. */
  readonly from: 'purchases' | 'carts';
  /** (productCount + 1) product a has the pairs [offsets[a], offsets[a + 1]). */
  readonly offsets: Uint32Array;
  /** (pairCount) the other product j, ascending inside a row, never a itself */
  readonly products: Uint32Array;
  /** (pairCount) c(a, j): sessions that bought both. */
  readonly sessions: Uint32Array;
  /** (pairCount) c(a, j) / ((Σ_j c(a, j) + 3)^0.5 · (sessions that bought j + 1)^0.2): as `nearby` of the pairs of views. */
  readonly scores: Float32Array;
}

/** The longest list that the API gives. */
const MOST_PAIRS_OF_A_PRODUCT = 100;
/** A basket pairs everything with everything: of a larger one the first products count. */
const LARGEST_BASKET = 100;

/**
 * A session counts once for each pair of products that it bought, however many it bought of them.
 *
 * @param rowLimit pairs kept a product: the best by score, equal ones by lower product number.
 * @returns undefined when the sessions have neither purchases nor carts.
 */
export function countBoughtTogether(
  sessions: Sessions,
  productCount: number,
  rowLimit = MOST_PAIRS_OF_A_PRODUCT,
): BoughtTogether | undefined {
  const { kinds } = sessions;
  if (kinds === undefined) return undefined;
  const from = kinds.includes(KIND_NUMBER.purchase) ? 'purchases' : 'carts';
  const baskets = basketsOf(sessions, kinds, from === 'purchases' ? KIND_NUMBER.purchase : KIND_NUMBER.cart);
  if (baskets.products.length === 0) return undefined;

  // The positions in the baskets where each product stands.
  const { offsets: starts, items: positions } = groupItems(baskets.products, productCount);
  const board = new ScoreBoard(productCount);
  const best = new TopK(Math.min(rowLimit, productCount));
  const offsets = new Uint32Array(productCount + 1);
  const rows: { products: number[]; sessions: number[]; scores: number[] } = { products: [], sessions: [], scores: [] };
  for (let product = 0; product < productCount; product++) {
    let total = 0;
    for (let i = starts[product]; i < starts[product + 1]; i++) {
      const basket = baskets.basketOf[positions[i]];
      for (let at = baskets.offsets[basket]; at < baskets.offsets[basket + 1]; at++) {
        if (baskets.products[at] === product) continue;
        board.add(baskets.products[at], 1);
        total++;
      }
    }
    const scoreOf = (other: number) =>
      board.scoreOf(other) / ((total + 3) ** 0.5 * (starts[other + 1] - starts[other] + 1) ** 0.2);
    for (let i = 0; i < board.size; i++) best.offer(board.products[i], scoreOf(board.products[i]));
    const kept = Array.from({ length: best.size }, (_, i) => best.productAt(i)).sort((a, b) => a - b);
    best.clear();
    for (const other of kept) {
      rows.products.push(other);
      rows.sessions.push(board.scoreOf(other));
      rows.scores.push(scoreOf(other));
    }
    board.clear();
    offsets[product + 1] = rows.products.length;
  }
  return {
    from,
    offsets,
    products: Uint32Array.from(rows.products),
    sessions: Uint32Array.from(rows.sessions),
    scores: Float32Array.from(rows.scores),
  };
}

/** Of each session that bought something, the different products in the order of their first purchase. */
function basketsOf({ offsets, views }: Sessions, kinds: Uint8Array, kind: number) {
  const products: number[] = [];
  const basketOf: number[] = [];
  const starts = [0];
  for (let session = 0; session + 1 < offsets.length; session++) {
    const basket = new Set<number>();
    for (let i = offsets[session]; i < offsets[session + 1] && basket.size < LARGEST_BASKET; i++) {
      if (kinds[i] === kind) basket.add(views[i]);
    }
    if (basket.size === 0) continue;
    for (const product of basket) {
      products.push(product);
      basketOf.push(starts.length - 1);
    }
    starts.push(products.length);
  }
  return { offsets: starts, products, basketOf };
}

/** The sections of the serving index; none without purchases and carts. */
export function boughtSections(bought: BoughtTogether | undefined): Record<string, Section> {
  if (bought === undefined) return {};
  return {
    boughtOffsets: bought.offsets,
    boughtProducts: bought.products,
    boughtSessions: bought.sessions,
    boughtScores: bought.scores,
  };
}

/**
 * @returns undefined of an index without purchases and carts, or that is older than these sections.
 * @throws ArtifactError when the sections contradict each other.
 */
export function readBoughtTogether(
  container: Container,
  productCount: number,
  space: ArraySpace,
): BoughtTogether | undefined {
  if (!hasSection(container, 'boughtOffsets')) return undefined;
  const bought: BoughtTogether = {
    from: container.meta['boughtFrom'] === 'carts' ? 'carts' : 'purchases',
    offsets: copyInto(space, sectionOf(container, 'boughtOffsets', Uint32Array)),
    products: copyInto(space, sectionOf(container, 'boughtProducts', Uint32Array)),
    sessions: copyInto(space, sectionOf(container, 'boughtSessions', Uint32Array)),
    scores: copyInto(space, finiteSectionOf(container, 'boughtScores', Float32Array)),
  };
  const fault = faultIn(bought, productCount);
  if (fault !== undefined) throw inconsistent(container, fault);
  return bought;
}

function faultIn({ offsets, products, sessions, scores }: BoughtTogether, productCount: number): string | undefined {
  if (!isPartition(offsets, productCount, products.length)) return 'the rows of bought products do not fit together';
  if (sessions.length !== products.length || scores.length !== products.length) {
    return 'a statistic of the bought products is cut';
  }
  return allBelow(products, productCount) ? undefined : 'what was bought together names a product that is not there';
}

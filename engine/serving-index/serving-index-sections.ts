import { type Container, finiteSectionOf, sectionOf } from '../artifacts/binary-container.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import type { PastSessions } from './past-sessions.ts';
import type { ProductPairs } from './product-pairs.ts';

/** How the scorers' own data stood in the serving index before version 3: one section a field, as it is in memory. */

export function readPairs(container: Container): ProductPairs {
  return {
    offsets: sectionOf(container, 'pairOffsets', Uint32Array),
    products: sectionOf(container, 'pairProducts', Uint32Array),
    next: finiteSectionOf(container, 'pairNext', Float32Array),
    following: finiteSectionOf(container, 'pairFollowing', Float32Array),
    together: finiteSectionOf(container, 'pairTogether', Float32Array),
    nearby: finiteSectionOf(container, 'pairNearby', Float32Array),
  };
}

export function readPastSessions(container: Container): PastSessions {
  return {
    offsets: sectionOf(container, 'sessionOffsets', Uint32Array),
    views: sectionOf(container, 'sessionViews', Uint32Array),
    sessionOf: sectionOf(container, 'sessionOfView', Uint32Array),
    recency: finiteSectionOf(container, 'sessionRecency', Float32Array),
    occurrenceOffsets: sectionOf(container, 'occurrenceOffsets', Uint32Array),
    occurrences: sectionOf(container, 'occurrences', Uint32Array),
    inverseFrequency: finiteSectionOf(container, 'inverseFrequency', Float32Array),
  };
}

/** @returns what is wrong, or undefined. */
export function faultInPairs(pairs: ProductPairs, productCount: number): string | undefined {
  const pairCount = pairs.products.length;
  const columns = [pairs.next, pairs.following, pairs.together, pairs.nearby];
  if (!isPartition(pairs.offsets, productCount, pairCount)) return 'the rows of product pairs do not fit together';
  if (columns.some((column) => column.length !== pairCount)) return 'a statistic of the product pairs is cut';
  if (!allBelow(pairs.products, productCount)) return 'a product pair names a product that is not there';
  return undefined;
}

/** @returns what is wrong, or undefined. */
export function faultInPastSessions(past: PastSessions, productCount: number): string | undefined {
  const sessionCount = past.recency.length;
  const viewCount = past.views.length;
  if (!isPartition(past.offsets, sessionCount, viewCount)) return 'the past sessions do not fit together';
  if (past.sessionOf.length !== viewCount || !allBelow(past.sessionOf, sessionCount)) {
    return 'a view belongs to a past session that is not there';
  }
  if (!isPartition(past.occurrenceOffsets, productCount, past.occurrences.length)) {
    return "the products' past views do not fit together";
  }
  if (!allBelow(past.occurrences, viewCount)) return 'a product names a past view that is not there';
  if (past.inverseFrequency.length !== productCount) return 'the inverse frequencies are cut';
  if (!allBelow(past.views, productCount)) return 'a past session names a product that is not there';
  return undefined;
}

import type { DataProfile } from '../../api/client.ts';

/**
 * What the `count` most viewed products have of all views, 0…1: a profile holds it at some ranks, and between two of them it
 * is taken to rise evenly.
 */
export function shareOfMost(popularity: DataProfile['popularity'], count: number): number | undefined {
  const next = popularity.findIndex(({ products }) => products >= count);
  if (next === -1) return undefined;
  const { products, share } = popularity[next];
  const before = popularity[next - 1] ?? { products: 0, share: 0 };
  return before.share + ((share - before.share) * (count - before.products)) / (products - before.products);
}

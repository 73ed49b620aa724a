import { decoded } from '../../parts/decoded.ts';

/**
 * Where the shop shows a product. Addresses lose the segments `.` and `..`, also when they are written `%2E`; encoded twice, they
 * stay. So has to be what holds a `%` itself.
 */
export function shopPath(productId: string): string {
  const once = encodeURIComponent(productId);
  if (/^\.{1,2}$/.test(productId)) return `/shop/products/${once.replaceAll('.', '%252E')}`;
  return `/shop/products/${productId.includes('%') ? encodeURIComponent(once) : once}`;
}

/** @param segment of the address, which the router has decoded once. */
export function productIdOf(segment: string): string {
  // An id with a `%` may have been encoded once, by a person.
  return decoded(segment) ?? segment;
}

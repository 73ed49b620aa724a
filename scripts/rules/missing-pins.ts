import { relaxFilter } from '../../engine/catalogue/relax-filter.ts';
import { notSoldOut } from '../../engine/catalogue/sold-out.ts';
import type { ProductWorld } from '../../engine/rules/product-world.ts';
import type { Directions } from '../../engine/rules/rules-engine.ts';
import type { recommend } from '../../lambdas/recommend/recommend.ts';

export interface MissingPin {
  rule: string;
  productId: string;
  because: string;
}

type Answer = Pick<ReturnType<typeof recommend>, 'items' | 'relaxed'>;

/** The pins in force whose products do not stand at a place of their own. @param query the query product. */
export function missingPins(
  { items, relaxed = [] }: Answer,
  { pinRules, placement, keptOutBy }: Directions,
  world: ProductWorld,
  query: number,
): MissingPin[] {
  const pinned = items.filter(({ source }) => source === 'pinned').map(({ productId }) => productId);
  return pinRules
    .filter(({ product }) => !pinned.includes(product))
    .map((rule) => ({ rule: rule.id, productId: rule.product, because: reasonOf(rule.product, rule.position) }));

  function reasonOf(productId: string, position: number): string {
    const product = world.numberOf(productId);
    if (product === undefined) return 'neither the model nor the catalogue knows it';
    if (product === query) return 'it is the product that is looked at';
    if (world.areVariants(product, query)) return 'it is a variant of the product that is looked at';
    const touch = keptOutBy(product);
    if (touch !== undefined) return `${touch.type} "${touch.rule}"`;
    const filtered = filteredOut(product, { relaxed, placement }, world, query);
    if (filtered !== undefined) return filtered;
    const variant = pinned.find((other) => world.areVariants(world.numberOf(other)!, product));
    if (variant !== undefined) return `its variant ${variant} is pinned, too`;
    if (position > items.length) return `position ${position} is beyond the list`;
    return 'other pins leave it no place';
  }
}

/** Why a product does not pass what is left of a placement's filter; undefined where it does. */
export function filteredOut(
  product: number,
  { relaxed = [], placement }: Pick<Answer, 'relaxed'> & Pick<Directions, 'placement'>,
  world: ProductWorld,
  query: number,
): string | undefined {
  const given = new Set(relaxed);
  const passes = (filter: Parameters<typeof relaxFilter>[0] | undefined) => {
    const left = filter && relaxFilter(filter, given);
    return left === undefined || world.select({ filter: left }, query).has(product);
  };
  if (!passes(placement?.filter)) return "it does not pass the placement's filter";
  return passes(notSoldOut(placement?.filter, world.fields)) ? undefined : 'it is sold out';
}

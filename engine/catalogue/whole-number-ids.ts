import { ProductNumbers } from '../artifacts/product-numbers.ts';
import { needlessFraction, withoutEnd } from '../clicks/id-rules.ts';
import type { FeedPatch } from './apply-patch.ts';
import { type Catalogue, newCatalogue } from './catalogue.ts';

const WITH_ZEROS = /^-?\d+\.0+$/;
const WHOLE = /^-?\d+(\.0+)?$/;

/** `1207.0`, as pandas writes a column of whole numbers that has gaps, is 1207; so is `1207.00` of a column of decimals. */
export function withoutFraction(id: string): string {
  return WITH_ZEROS.test(id) ? id.slice(0, id.indexOf('.')) : id;
}

/** Ids of a whole feed: as in a clickstream. */
export function feedIds(ids: readonly string[]): readonly string[] {
  const fraction = needlessFraction(ids);
  return fraction === undefined ? ids : ids.map((id) => withoutEnd(id, fraction));
}

/**
 * A change under the ids of the catalogue that it changes: `1207.0` is 1207 where only that is listed, whatever else the
 * change names. Where neither is, all ids of both decide.
 */
export function withIdsOf(base: Catalogue, patch: FeedPatch): FeedPatch {
  const { upserts, deletedIds } = patch;
  const ids = [...upserts.productIds, ...deletedIds];
  if (!ids.some((id) => WITH_ZEROS.test(id))) return patch;
  const listed = new ProductNumbers(base.encodedIds.bytes, base.encodedIds.offsets);
  const areWhole = [ids, base.productIds].every((all) => all.every((id) => WHOLE.test(id)));
  const idOf = (id: string) => {
    const whole = withoutFraction(id);
    return !listed.has(id) && (listed.has(whole) || areWhole) ? whole : id;
  };
  return {
    ...patch,
    upserts: newCatalogue(upserts.version, upserts.productIds.map(idOf), upserts.fields),
    deletedIds: deletedIds.map(idOf),
  };
}

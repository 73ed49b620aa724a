import { needlessFraction, withoutEnd } from '../clicks/id-rules.ts';

const WITH_ZEROS = /^-?\d+\.0+$/;
const WHOLE = /^-?\d+(\.0+)?$/;

/** `1207.0`, as pandas writes a column of whole numbers that has gaps, or `1207.00` of a column of decimals. */
export function hasZeros(id: string): boolean {
  return WITH_ZEROS.test(id);
}

export function isWhole(id: string): boolean {
  return WHOLE.test(id);
}

/** `1207.0` is 1207. */
export function withoutFraction(id: string): string {
  return hasZeros(id) ? id.slice(0, id.indexOf('.')) : id;
}

/** Ids of a whole feed: as in a clickstream. */
export function feedIds(ids: readonly string[]): readonly string[] {
  const fraction = needlessFraction(ids);
  return fraction === undefined ? ids : ids.map((id) => withoutEnd(id, fraction));
}

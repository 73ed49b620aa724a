import { feedIds, withoutFraction } from './whole-number-ids.ts';

/** The place of a row that deletes its product. */
export const DELETED = -1;

/** What the rows of a feed come to. */
export interface SettledRows {
  /** Places of those that count, ascending. */
  rows: Int32Array;
  /** Theirs. */
  productIds: string[];
  deletedIds: string[];
  /** How many do not count, since their id comes again further down. */
  replacedRows: number;
  /** Places of those, each with the place of the row that counts in its stead, where that does not delete. */
  replacements: readonly (readonly [replaced: number, by: number])[];
}

/**
 * Of rows with one id the last counts. In a delta `1207.0` and `1207` are one id, spelled as in the last row: which it is, the
 * catalogue decides that it changes.
 *
 * @param ids one a row. @param places one a row, rising but for `DELETED`.
 */
export function settleRows(ids: readonly string[], places: readonly number[], isDelta: boolean): SettledRows {
  const keys = isDelta ? ids.map(withoutFraction) : feedIds(ids);
  const upserts = new Map<string, number>();
  const deletions = new Map<string, number>();
  const replaced: { key: string; i: number }[] = [];
  for (const [i, key] of keys.entries()) {
    const before = upserts.get(key);
    if (before !== undefined) {
      replaced.push({ key, i: before });
      upserts.delete(key);
    }
    (places[i] === DELETED ? deletions : upserts).set(key, i);
  }
  const names = isDelta ? ids : keys;
  return {
    rows: Int32Array.from(upserts.values(), (i) => places[i]),
    productIds: Array.from(upserts.values(), (i) => names[i]),
    deletedIds: Array.from(deletions.values(), (i) => names[i]),
    replacedRows: replaced.length,
    replacements: replaced.flatMap(({ key, i }) => {
      const by = upserts.get(key);
      return by === undefined ? [] : [[places[i], places[by]] as const];
    }),
  };
}

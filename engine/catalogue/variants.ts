import type { Bitset } from '../numeric/bitset.ts';
import type { FacetField } from './catalogue.ts';
import { visitRowsWith } from './facet-rows.ts';
import type { JoinedCatalogue } from './join.ts';

/** Variants of one product, such as its sizes, share a value of this field (Google Merchant Center). */
const GROUP_FIELD = 'item_group_id';
const NO_GROUP = -1;

/** (rows) the group of variants of each product, −1 where it has none. Undefined: the catalogue has no groups. */
export function variantGroups({ catalogue }: JoinedCatalogue): Int32Array | undefined {
  const field = groupFieldOf(catalogue.fields.get(GROUP_FIELD));
  if (field === undefined) return undefined;
  let groups = made.get(field);
  if (groups === undefined) {
    groups = Int32Array.from(field.offsets.subarray(1), (end, row) =>
      field.offsets[row] === end ? NO_GROUP : field.codes[field.offsets[row]],
    );
    made.set(field, groups);
  }
  return groups;
}

const made = new WeakMap<FacetField, Int32Array>();

/** Takes a product's variants, and itself where it has any, out of a set of rows. */
export function deleteVariants({ catalogue }: JoinedCatalogue, row: number, rows: Bitset): void {
  const field = groupFieldOf(catalogue.fields.get(GROUP_FIELD));
  if (field === undefined || field.offsets[row] === field.offsets[row + 1]) return;
  const group = field.codes[field.offsets[row]];
  visitRowsWith(field, [field.values[group]], (variant) => rows.delete(variant));
}

function groupFieldOf(field: { type: string } | undefined): FacetField | undefined {
  return field?.type === 'facet' ? (field as FacetField) : undefined;
}

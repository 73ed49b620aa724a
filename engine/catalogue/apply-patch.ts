import { type Catalogue, type Field, newCatalogue, valuesAt } from './catalogue.ts';
import { concatFields } from './merge-fields.ts';
import { NOT_LISTED, selectRows } from './select-rows.ts';

/** What a delta feed changes. */
export interface FeedPatch {
  /**
   * The columns that the feed has, of the products that it names. What it has no value for has none afterwards; a column
   * that it does not have stays as it was.
   */
  upserts: Catalogue;
  /** Products that go. One that is among the upserts as well comes back without what was known of it. */
  deletedIds: readonly string[];
}

export interface PatchCounts {
  added: number;
  updated: number;
  deleted: number;
  /** Deletions of products that were not there. */
  unknownDeletions: number;
  /** Values that were there before and that the feed has none for, by field. */
  cleared: Record<string, number>;
}

/** @returns the catalogue after the changes, new products last. In O(products), with a small constant. */
export function applyPatch(
  base: Catalogue,
  { upserts, deletedIds }: FeedPatch,
  version: string,
): { catalogue: Catalogue; counts: PatchCounts } {
  const deleted = new Set(deletedIds);
  const baseRows = base.productIds.length;
  const productIds: string[] = [];
  /** (rows of the result) the row of the base, and the row of the upserts. */
  const fromBase: number[] = [];
  const fromPatch: number[] = [];
  const add = (id: string, baseRow: number, patchRow: number) => {
    productIds.push(id);
    fromBase.push(baseRow);
    fromPatch.push(patchRow);
  };
  const seen = new Uint8Array(upserts.productIds.length);
  const counts: PatchCounts = { added: 0, updated: 0, deleted: 0, unknownDeletions: 0, cleared: {} };
  let deletionsFound = 0;
  for (let row = 0; row < baseRows; row++) {
    const id = base.productIds[row];
    const patchRow = upserts.rowOf.get(id) ?? NOT_LISTED;
    const isDeleted = deleted.has(id);
    if (isDeleted) deletionsFound++;
    if (patchRow !== NOT_LISTED) {
      seen[patchRow] = 1;
      counts.updated++;
      add(id, isDeleted ? NOT_LISTED : row, patchRow);
    } else if (isDeleted) counts.deleted++;
    else add(id, row, NOT_LISTED);
  }
  upserts.productIds.forEach((id, patchRow) => {
    if (seen[patchRow] === 1) return;
    counts.added++;
    add(id, NOT_LISTED, patchRow);
  });
  counts.unknownDeletions = deleted.size - deletionsFound;

  const baseSources = Int32Array.from(fromBase);
  const patchedSources = Int32Array.from(fromBase, (row, i) =>
    fromPatch[i] === NOT_LISTED ? row : baseRows + fromPatch[i],
  );
  const fields = new Map<string, Field>();
  for (const name of new Set([...base.fields.keys(), ...upserts.fields.keys()])) {
    const before = base.fields.get(name);
    const patch = upserts.fields.get(name);
    if (patch === undefined) {
      fields.set(name, withoutUnused(selectRows(before!, baseSources)));
      continue;
    }
    const cleared = before === undefined ? 0 : clearedValues(before, patch, fromBase, fromPatch);
    if (cleared > 0) counts.cleared[name] = cleared;
    fields.set(name, withoutUnused(selectRows(concatFields(before, baseRows, patch), patchedSources)));
  }
  return { catalogue: newCatalogue(version, productIds, fields), counts };
}

function clearedValues(before: Field, patch: Field, fromBase: readonly number[], fromPatch: readonly number[]): number {
  let cleared = 0;
  for (let i = 0; i < fromBase.length; i++) {
    if (fromBase[i] === NOT_LISTED || fromPatch[i] === NOT_LISTED) continue;
    if (valuesAt(patch, fromPatch[i]).length === 0 && valuesAt(before, fromBase[i]).length > 0) cleared++;
  }
  return cleared;
}

/** Names that no row has any more would gather with each delta. */
function withoutUnused(field: Field): Field {
  if (field.type !== 'facet') return field;
  const { values, codes } = field;
  const newCodes = new Int32Array(values.length).fill(-1);
  const kept: string[] = [];
  for (const code of codes) {
    if (newCodes[code] !== -1) continue;
    newCodes[code] = 0;
  }
  values.forEach((value, code) => {
    if (newCodes[code] === -1) return;
    newCodes[code] = kept.length;
    kept.push(value);
  });
  return kept.length === values.length ? field : { ...field, values: kept, codes: codes.map((code) => newCodes[code]) };
}

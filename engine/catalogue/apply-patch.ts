import type { EncodedStrings } from '../artifacts/encoded-strings.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import type { Bitset } from '../numeric/bitset.ts';
import { type Catalogue, type Field, hasValueAt, newCatalogue, type TextField } from './catalogue.ts';
import { isGuessed } from './feed-fields.ts';
import { guessedField, hasLists, numbersOf, textOf } from './field-builders.ts';
import { concatFields } from './merge-fields.ts';
import { NOT_LISTED, selectRows } from './select-rows.ts';
import { hasZeros, isWhole, withoutFraction } from './whole-number-ids.ts';

/** What a delta feed changes. */
export interface FeedPatch {
  /**
   * The columns that the feed has, of the products that it names. What it has no value for has none afterwards; a column
   * that it does not have stays as it was.
   */
  upserts: Catalogue;
  /** Field → rows of the upserts that say nothing of it: there it stays as it was. */
  unsaid: ReadonlyMap<string, Bitset>;
  /** Products that go; ids are spelled as in the feed, here and among the upserts. One that is among the upserts as well comes back without what was known of it. */
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
  patch: FeedPatch,
  version: string,
): { catalogue: Catalogue; counts: PatchCounts } {
  const { upserts, unsaid, deletedIds } = withIdsOf(base, patch);
  const { rows, fromBase, fromPatch, counts } = placeRows(base, upserts, deletedIds);
  const isUnmoved = rows === base.size && fromBase.every((row, i) => row === i);
  const patchedSources = sourcesOf(fromBase, fromPatch, base.size);
  const fields = new Map<string, Field>();
  for (const name of new Set([...base.fields.keys(), ...upserts.fields.keys()])) {
    const before = base.fields.get(name);
    const change = upserts.fields.get(name);
    if (change === undefined) {
      fields.set(name, isUnmoved ? before! : withoutUnused(selectRows(before!, fromBase)));
      continue;
    }
    const said = saidRows(fromPatch, unsaid.get(name));
    const sources = said === fromPatch ? patchedSources : sourcesOf(fromBase, said, base.size);
    const after = (isGuessed(name) ? guessedAnew : patched)(before, base.size, change, sources);
    const cleared = before === undefined ? 0 : clearedValues(before, after, fromBase, said);
    if (cleared > 0) counts.cleared[name] = cleared;
    fields.set(name, after);
  }
  const ids = isUnmoved ? base.encodedIds : selectIds(base, upserts, patchedSources);
  return { catalogue: newCatalogue(version, ids, fields), counts };
}

/**
 * A change under the ids of the catalogue that it changes: `1207.0` is 1207 where only that is listed, whatever else the
 * change names. Where neither is, all ids of both decide.
 */
function withIdsOf(base: Catalogue, patch: FeedPatch): FeedPatch {
  const { upserts, deletedIds } = patch;
  const ids = [...upserts.productIds, ...deletedIds];
  if (!ids.some(hasZeros)) return patch;
  const listed = new ProductNumbers(base.encodedIds.bytes, base.encodedIds.offsets);
  const areWhole = [ids, base.productIds].every((all) => all.every(isWhole));
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

/**
 * Where each row of the result comes from: a row of the base, a row of the upserts, or both.
 *
 * @returns `fromBase`, `fromPatch` (rows), `NOT_LISTED` where it is of no row.
 */
function placeRows(
  { size, encodedIds: { bytes, offsets } }: Catalogue,
  upserts: Catalogue,
  deletedIds: readonly string[],
) {
  const patchRows = new ProductNumbers(upserts.encodedIds.bytes, upserts.encodedIds.offsets);
  const deleted = ProductNumbers.of(deletedIds);
  const fromBase = new Int32Array(size + upserts.size);
  const fromPatch = new Int32Array(size + upserts.size);
  const seen = new Uint8Array(upserts.size);
  const counts: PatchCounts = { added: 0, updated: 0, deleted: 0, unknownDeletions: 0, cleared: {} };
  let rows = 0;
  let deletionsFound = 0;
  for (let row = 0; row < size; row++) {
    const patchRow = patchRows.numberAt(bytes, offsets[row], offsets[row + 1]) ?? NOT_LISTED;
    const isDeleted = deleted.size > 0 && deleted.numberAt(bytes, offsets[row], offsets[row + 1]) !== undefined;
    if (isDeleted) deletionsFound++;
    if (patchRow === NOT_LISTED && isDeleted) {
      counts.deleted++;
      continue;
    }
    if (patchRow !== NOT_LISTED) {
      seen[patchRow] = 1;
      counts.updated++;
    }
    fromBase[rows] = isDeleted ? NOT_LISTED : row;
    fromPatch[rows++] = patchRow;
  }
  for (let patchRow = 0; patchRow < upserts.size; patchRow++) {
    if (seen[patchRow] === 1) continue;
    counts.added++;
    fromBase[rows] = NOT_LISTED;
    fromPatch[rows++] = patchRow;
  }
  counts.unknownDeletions = deleted.size - deletionsFound;
  return { rows, fromBase: fromBase.subarray(0, rows), fromPatch: fromPatch.subarray(0, rows), counts };
}

/** Rows of the base, then those of the upserts; the latter where there are both. */
function sourcesOf(fromBase: Int32Array, fromPatch: Int32Array, baseSize: number): Int32Array {
  return fromPatch.map((patchRow, i) => (patchRow === NOT_LISTED ? fromBase[i] : baseSize + patchRow));
}

/** Without the rows of the upserts that say nothing. */
function saidRows(fromPatch: Int32Array, unsaid: Bitset | undefined): Int32Array {
  if (unsaid === undefined) return fromPatch;
  return fromPatch.map((row) => (row === NOT_LISTED || unsaid.has(row) ? NOT_LISTED : row));
}

/** @param sources rows of the base, then those of the upserts. */
function selectIds(base: Catalogue, upserts: Catalogue, sources: Int32Array): EncodedStrings {
  const [first, second] = [base, upserts].map(({ encodedIds }): TextField => ({ type: 'text', ...encodedIds }));
  return selectRows(concatFields(first, base.size, second), sources) as TextField;
}

function patched(before: Field | undefined, baseRows: number, patch: Field, sources: Int32Array): Field {
  return withoutUnused(selectRows(concatFields(before, baseRows, patch), sources));
}

/**
 * A column of the shop's own: what it holds is guessed anew from all rows. Numbers that stay numbers, and text that stays
 * text, are put together as they are: of a million texts, names took 25 times as long.
 *
 * @param patch a facet, since its own guess is open.
 */
function guessedAnew(before: Field | undefined, baseRows: number, patch: Field, sources: Int32Array): Field {
  let fitted = patch;
  if (before?.type === 'number' && patch.type === 'facet') fitted = numbersOf(patch) ?? patch;
  else if (before?.type === 'text' && patch.type === 'facet' && !hasLists(patch)) fitted = textOf(patch);
  const after = patched(before, baseRows, fitted, sources);
  return after.type === 'number' ? after : guessedField(after);
}

function clearedValues(before: Field, after: Field, fromBase: Int32Array, fromPatch: Int32Array): number {
  let cleared = 0;
  for (let i = 0; i < fromBase.length; i++) {
    if (fromBase[i] === NOT_LISTED || fromPatch[i] === NOT_LISTED) continue;
    if (!hasValueAt(after, i) && hasValueAt(before, fromBase[i])) cleared++;
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

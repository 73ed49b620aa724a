import { decodeStrings, type EncodedStrings, encodeStrings } from '../artifacts/encoded-strings.ts';

/** What the shop's feed says of its products: one column a field, in memory and in `catalogue.bin`. */
export interface Catalogue {
  /** Names the load that it comes from. */
  readonly version: string;
  /** How many products. */
  readonly size: number;
  /** (productCount) in the order of the feed */
  readonly productIds: readonly string[];
  /** (productCount) the same, as they stand in the file. */
  readonly encodedIds: EncodedStrings;
  readonly rowOf: ReadonlyMap<string, number>;
  readonly fields: ReadonlyMap<string, Field>;
}

/**
 * @param ids unique. What is made of them is made when it is first asked for: a change of a few rows needs neither a
 * million strings nor the map of them.
 */
export function newCatalogue(
  version: string,
  ids: readonly string[] | EncodedStrings,
  fields: ReadonlyMap<string, Field>,
): Catalogue {
  let [productIds, encodedIds] = 'bytes' in ids ? [undefined, ids] : [ids, undefined];
  let rowOf: ReadonlyMap<string, number> | undefined;
  return {
    version,
    size: 'bytes' in ids ? ids.offsets.length - 1 : ids.length,
    fields,
    get productIds() {
      productIds ??= decodeStrings(encodedIds!.bytes, encodedIds!.offsets);
      return productIds;
    },
    get encodedIds() {
      encodedIds ??= encodeStrings(productIds!);
      return encodedIds;
    },
    get rowOf() {
      rowOf ??= new Map(this.productIds.map((id, row) => [id, row]));
      return rowOf;
    },
  };
}

export type Field = NumberField | FacetField | TextField;

/** Compared with bounds and shown: `price`. */
export interface NumberField {
  readonly type: 'number';
  /** (productCount) NaN where a product has none */
  readonly values: Float64Array;
}

/** Compared with names and counted: `brand`, a product has none, one or several. */
export interface FacetField {
  readonly type: 'facet';
  /** The values are category paths, "Home > Garden": one takes in all below it. */
  readonly isPath: boolean;
  /** The different values; a value's code is its position. */
  readonly values: readonly string[];
  /** (productCount + 1) row r has the codes [offsets[r], offsets[r + 1]) */
  readonly offsets: Uint32Array;
  readonly codes: Uint32Array;
}

/** Shown and never compared: `title`, `link`. Kept as bytes: most are never read. */
export interface TextField {
  readonly type: 'text';
  readonly bytes: Uint8Array;
  /** (productCount + 1) row r has the UTF-8 bytes [offsets[r], offsets[r + 1]); none where it has no text. */
  readonly offsets: Uint32Array;
}

/** @returns undefined where the row has no text. */
function textAt({ bytes, offsets }: TextField, row: number): string | undefined {
  if (offsets[row] === offsets[row + 1]) return undefined;
  // Unlike a TextDecoder's, keeps a leading U+FEFF.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', offsets[row], offsets[row + 1]);
}

const PATH_SEPARATOR = ' > ';

/** Whether `path` is the category `ancestor` or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}${PATH_SEPARATOR}`);
}

/** The categories that a path lies below, the highest first, and itself. */
export function ancestorsOf(path: string): string[] {
  const names = path.split(PATH_SEPARATOR);
  return names.map((_, depth) => names.slice(0, depth + 1).join(PATH_SEPARATOR));
}

export function hasValueAt(field: Field, row: number): boolean {
  return field.type === 'number' ? !Number.isNaN(field.values[row]) : field.offsets[row] < field.offsets[row + 1];
}

/** The values of one row, for showing. */
export function valuesAt(field: Field, row: number): (string | number)[] {
  if (field.type === 'number') return Number.isNaN(field.values[row]) ? [] : [field.values[row]];
  if (field.type === 'text') return [textAt(field, row) ?? []].flat();
  return Array.from(field.codes.subarray(field.offsets[row], field.offsets[row + 1]), (code) => field.values[code]);
}

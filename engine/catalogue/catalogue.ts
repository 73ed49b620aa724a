/** What the shop's feed says of its products: one column a field, in memory and in `catalogue.bin`. */
export interface Catalogue {
  /** Names the load that it comes from. */
  readonly version: string;
  /** (productCount) in the order of the feed */
  readonly productIds: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly fields: ReadonlyMap<string, Field>;
}

/** @param productIds unique. The map of them is made when it is first asked for: a change of a few rows never does. */
export function newCatalogue(
  version: string,
  productIds: readonly string[],
  fields: ReadonlyMap<string, Field>,
): Catalogue {
  let rowOf: ReadonlyMap<string, number> | undefined;
  return {
    version,
    productIds,
    fields,
    get rowOf() {
      rowOf ??= new Map(productIds.map((id, row) => [id, row]));
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

/** The values of one row, for showing. */
export function valuesAt(field: Field, row: number): (string | number)[] {
  if (field.type === 'number') return Number.isNaN(field.values[row]) ? [] : [field.values[row]];
  if (field.type === 'text') return [textAt(field, row) ?? []].flat();
  return Array.from(field.codes.subarray(field.offsets[row], field.offsets[row + 1]), (code) => field.values[code]);
}

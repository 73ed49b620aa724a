import type { Catalogue, FacetField, Field, NumberField, TextField } from '../catalogue/catalogue.ts';
import { valuesAt } from '../catalogue/catalogue.ts';

/**
 * One field of the catalogue as tokens, so that products can be compared and learned about by what is said of them. Every
 * kind of field becomes a set of tokens a product, in which two products that are nearly alike share some:
 *
 * - a facet: its values;
 * - a category path "Home > Garden": each of its levels, "Home" and "Home > Garden";
 * - a number: itself, and the bands of 1.25 times and of twice that it lies in, which do not depend on other products;
 * - the title: its words.
 */
export interface AttributeField {
  readonly name: string;
  /** (tokenCount) the different tokens; a token's code is its position. */
  readonly tokens: readonly string[];
  /** (productCount + 1) product p has the codes [offsets[p], offsets[p + 1]). */
  readonly offsets: Uint32Array;
  /** Ascending within a product. */
  readonly codes: Uint32Array;
}

/** What says nothing about what a product is like. */
const PASSED_OVER = new Set(['availability', 'currency', 'link', 'image_link', 'description', 'gtin', 'mpn']);
const TEXT_FIELDS = new Set(['title']);
const FINE_BAND = Math.log(1.25);
const COARSE_BAND = Math.log(2);
/** Words of a title; what comes later describes less. */
const MOST_WORDS = 12;

/** @returns the fields in which at least two products share a token, in the catalogue's order. */
export function attributeFieldsOf({ fields, productIds }: Catalogue): AttributeField[] {
  return [...fields]
    .filter(([name, field]) => !PASSED_OVER.has(name) && (field.type !== 'text' || TEXT_FIELDS.has(name)))
    .map(([name, field]) => collect(name, productIds.length, tokenizerOf(field)))
    .filter(({ tokens, codes }) => tokens.length < codes.length);
}

type Tokenizer = (row: number) => readonly string[];

function tokenizerOf(field: Field): Tokenizer {
  if (field.type === 'number') return numberTokenizer(field);
  return field.type === 'facet' ? facetTokenizer(field) : wordTokenizer(field);
}

function facetTokenizer({ values, isPath, offsets, codes }: FacetField): Tokenizer {
  const tokensOf = values.map((value) => (isPath ? levelsOf(value) : [value]));
  return (row) => Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => tokensOf[code]).flat();
}

function levelsOf(path: string): string[] {
  const levels = path.split(' > ');
  return levels.map((_, level) => levels.slice(0, level + 1).join(' > '));
}

function numberTokenizer({ values }: NumberField): Tokenizer {
  return (row) => {
    const value = values[row];
    if (Number.isNaN(value)) return [];
    if (value <= 0) return [String(value)];
    const logarithm = Math.log(value);
    return [String(value), `~${Math.floor(logarithm / FINE_BAND)}`, `~~${Math.floor(logarithm / COARSE_BAND)}`];
  };
}

function wordTokenizer(field: TextField): Tokenizer {
  return (row) => {
    const words = String(valuesAt(field, row)[0] ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u);
    return words.filter((word) => word.length > 1).slice(0, MOST_WORDS);
  };
}

function collect(name: string, productCount: number, tokensOf: Tokenizer): AttributeField {
  const codeOf = new Map<string, number>();
  const offsets = new Uint32Array(productCount + 1);
  const codes: number[] = [];
  for (let row = 0; row < productCount; row++) {
    const ofRow = new Set<number>();
    for (const token of tokensOf(row)) {
      const code = codeOf.get(token) ?? codeOf.size;
      codeOf.set(token, code);
      ofRow.add(code);
    }
    codes.push(...[...ofRow].sort((a, b) => a - b));
    offsets[row + 1] = codes.length;
  }
  return { name, tokens: [...codeOf.keys()], offsets, codes: Uint32Array.from(codes) };
}

/** The Jaccard index of two products' tokens: what they share of what either has, 0…1; 0 where neither has any. */
export function likeness({ offsets, codes }: AttributeField, a: number, b: number): number {
  let [i, j] = [offsets[a], offsets[b]];
  const [endOfA, endOfB] = [offsets[a + 1], offsets[b + 1]];
  const total = endOfA - i + endOfB - j;
  let shared = 0;
  while (i < endOfA && j < endOfB) {
    const difference = codes[i] - codes[j];
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return total === 0 ? 0 : shared / (total - shared);
}

/** @param rows for each product of the result, its product in `field`; −1: it has nothing. */
export function selectProducts(field: AttributeField, rows: ArrayLike<number>): AttributeField {
  const codes: number[] = [];
  const offsets = new Uint32Array(rows.length + 1);
  for (let product = 0; product < rows.length; product++) {
    const row = rows[product];
    if (row >= 0) codes.push(...field.codes.subarray(field.offsets[row], field.offsets[row + 1]));
    offsets[product + 1] = codes.length;
  }
  return { ...field, offsets, codes: Uint32Array.from(codes) };
}

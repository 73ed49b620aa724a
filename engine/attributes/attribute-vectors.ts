import { solveLeastSquares } from '../numeric/sparse-least-squares.ts';
import type { AttributeField } from './attribute-fields.ts';

/** What is known or expected of some products: rows of the same number in each array. */
export interface ProductTraits {
  readonly dimensions: number;
  /** (rows, dimensions), row-major: input vectors */
  readonly vectors: Float32Array;
  /** (rows, dimensions), row-major: output vectors */
  readonly contextVectors: Float32Array;
  /** (rows) ln(1 + views) */
  readonly logViews: Float32Array;
}

/** What each token adds to the traits of a product that has it. The first token is that of every product. */
export interface AttributeVectors extends ProductTraits {
  /** (tokenCount) "field=value"; the first is "". */
  readonly tokens: readonly string[];
}

/** Tokens of one product alone teach nothing about others. */
const FEWEST_PRODUCTS = 2;
/** The most frequent ones: each costs two vectors in the serving index. */
const MOST_TOKENS = 4_000;
/** The most viewed ones: enough to learn so many tokens from. */
const MOST_PRODUCTS = 50_000;
/** A token is pulled towards nothing as if by so many products that do not need it. */
const RIDGE = 2;
/** Views at which a product's vector counts half of one that is known for certain. */
const VIEWS_OF_HALF_WEIGHT = 10;

/**
 * Learns what an attribute adds to a product's vectors: ridge regression of the vectors that Word2Vec learned, and of
 * ln(1 + views), on the products' tokens. A product that nobody has viewed then has the sum of its tokens' vectors.
 *
 * @param fields of products with the rows of `traits`. @param viewCounts (rows) falling.
 * @param isLearned false for a product to learn nothing from, as if it were new.
 */
export function learnAttributeVectors(
  fields: readonly AttributeField[],
  traits: ProductTraits,
  viewCounts: Uint32Array,
  isLearned: (product: number) => boolean = () => true,
): AttributeVectors {
  const { dimensions } = traits;
  const products: number[] = [];
  for (let product = 0; product < traits.logViews.length && products.length < MOST_PRODUCTS; product++) {
    if (isLearned(product)) products.push(product);
  }
  const tokens = ['', ...frequentTokens(fields, products)];
  const tokensOf = tokenNumbers(fields, tokens);
  const targetCount = 2 * dimensions + 1;
  const coefficients = solveLeastSquares({
    rows: products.map(tokensOf),
    columnCount: tokens.length,
    targetCount,
    targetsOf: (row, into) => {
      const product = products[row];
      for (let d = 0; d < dimensions; d++) {
        into[d] = traits.vectors[product * dimensions + d];
        into[dimensions + d] = traits.contextVectors[product * dimensions + d];
      }
      into[2 * dimensions] = traits.logViews[product];
    },
    weightOf: (row) => viewCounts[products[row]] / (viewCounts[products[row]] + VIEWS_OF_HALF_WEIGHT),
    // What all products have in common is no attribute's to explain.
    ridgeOf: (column) => (column === 0 ? 1e-3 : RIDGE),
  });
  return { tokens, ...splitTraits(coefficients, tokens.length, dimensions) };
}

/** The traits that products have by their tokens alone; of tokens that were not learned, nothing. */
export function expectTraits(
  learned: AttributeVectors,
  fields: readonly AttributeField[],
  products: readonly number[],
): ProductTraits {
  const { dimensions } = learned;
  const tokensOf = tokenNumbers(fields, learned.tokens);
  const traits: ProductTraits = {
    dimensions,
    vectors: new Float32Array(products.length * dimensions),
    contextVectors: new Float32Array(products.length * dimensions),
    logViews: new Float32Array(products.length),
  };
  products.forEach((product, row) => {
    for (const token of tokensOf(product)) {
      traits.logViews[row] += learned.logViews[token];
      for (let d = 0; d < dimensions; d++) {
        traits.vectors[row * dimensions + d] += learned.vectors[token * dimensions + d];
        traits.contextVectors[row * dimensions + d] += learned.contextVectors[token * dimensions + d];
      }
    }
  });
  return traits;
}

/** @returns of a product, its tokens' numbers in `tokens`. Token 0 is every product's. */
function tokenNumbers(fields: readonly AttributeField[], tokens: readonly string[]): (product: number) => number[] {
  const numberOf = new Map(tokens.map((token, number) => [token, number]));
  const numbers = fields.map(({ name, tokens: ofField }) => ofField.map((token) => numberOf.get(`${name}=${token}`)));
  return (product) => {
    const found = [0];
    fields.forEach(({ offsets, codes }, f) => {
      for (let i = offsets[product]; i < offsets[product + 1]; i++) {
        const number = numbers[f][codes[i]];
        if (number !== undefined) found.push(number);
      }
    });
    return found;
  };
}

function frequentTokens(fields: readonly AttributeField[], products: readonly number[]): string[] {
  const counted = fields.flatMap(({ name, tokens, offsets, codes }) => {
    const counts = new Uint32Array(tokens.length);
    for (const product of products) {
      for (let i = offsets[product]; i < offsets[product + 1]; i++) counts[codes[i]]++;
    }
    return tokens.map((token, code) => ({ token: `${name}=${token}`, count: counts[code] }));
  });
  return counted
    .filter(({ count }) => count >= FEWEST_PRODUCTS)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_TOKENS)
    .map(({ token }) => token);
}

/** (rows, 2 · dimensions + 1) into its parts. */
function splitTraits(values: Float64Array, rows: number, dimensions: number): ProductTraits {
  const width = 2 * dimensions + 1;
  const part = (from: number, length: number) => {
    const out = new Float32Array(rows * length);
    for (let row = 0; row < rows; row++) {
      out.set(values.subarray(row * width + from, row * width + from + length), row * length);
    }
    return out;
  };
  return {
    dimensions,
    vectors: part(0, dimensions),
    contextVectors: part(dimensions, dimensions),
    logViews: part(2 * dimensions, 1),
  };
}

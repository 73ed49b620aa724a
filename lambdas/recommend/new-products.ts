import { type AttributeField, attributeFieldsOf, likeness } from '../../engine/attributes/attribute-fields.ts';
import type { AttributeModel } from '../../engine/attributes/attribute-model.ts';
import { expectTraits, type ProductTraits } from '../../engine/attributes/attribute-vectors.ts';
import { rankByAttributes } from '../../engine/attributes/rank-by-attributes.ts';
import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import type { Bitset } from '../../engine/numeric/bitset.ts';
import type { RankedProduct } from '../../engine/ranking/ranked-product.ts';
import type { Scorer } from '../../engine/ranking/scorer.ts';
import { contextQuery } from '../../engine/ranking/strategies/session-vector.ts';
import { knownTraits } from '../../engine/serving-index/known-traits.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import type { LiveData } from './live-data.ts';

/** Products that the catalogue lists and the model does not know, as their attributes lead to expect them. */
export class NewProducts {
  readonly #index: ServingIndex;
  readonly #model: AttributeModel;
  /** Of all rows of the catalogue: the model's products, then the new ones. */
  readonly #fields: readonly AttributeField[];
  readonly #known: ProductTraits;
  readonly #expected: ProductTraits;
  /** The row of the first new product. */
  readonly #firstRow: number;

  constructor(index: ServingIndex, model: AttributeModel, { catalogue, modelProducts }: JoinedCatalogue) {
    const newRows = Array.from(catalogue.productIds.slice(modelProducts), (_, i) => modelProducts + i);
    this.#index = index;
    this.#model = model;
    this.#fields = attributeFieldsOf(catalogue);
    this.#known = knownTraits(index);
    this.#expected = expectTraits(model.learned, this.#fields, newRows);
    this.#firstRow = modelProducts;
  }

  isNew(row: number): boolean {
    return row >= this.#firstRow;
  }

  /** Scores the model's products for one that is new. */
  scorerFor(row: number, count: number): Scorer {
    const query = { vector: this.#vectorOf(row), newest: row };
    const known = { firstRow: 0, traits: this.#known };
    return (_, { admitted }, board) => {
      const ranked = rankByAttributes(this.#fields, this.#model.weights.forNew, query, known, count, admitted);
      for (const { product, score } of ranked) board.add(product, score);
    };
  }

  /**
   * @param viewed the model's products, oldest first; not empty unless `newest` is new. @param newest row of the newest viewed product.
   * @returns rows of new products that suit a session, best first.
   */
  suiting(viewed: readonly number[], newest: number, admitted: Pick<Bitset, 'has'>): RankedProduct[] {
    const vector = this.isNew(newest) ? this.#vectorOf(newest) : contextQuery(this.#index, viewed);
    if (vector === undefined) return [];
    const candidates = { firstRow: this.#firstRow, traits: this.#expected };
    const query = { vector, newest };
    const ranked = rankByAttributes(this.#fields, this.#model.weights.amongNew, query, candidates, LOOKED_AT, admitted);
    return ranked.map(({ product, score }) => ({ product, score, source: 'attributes' }));
  }

  /** Names of the fields in which two products are alike, most alike first. */
  likeIn(a: number, b: number): string[] {
    return this.#fields
      .map((field) => ({ name: field.name, value: likeness(field, a, b) }))
      .filter(({ value }) => value > 0)
      .sort((x, y) => y.value - x.value)
      .map(({ name }) => name);
  }

  #vectorOf(row: number): Float32Array {
    const { dimensions, vectors } = this.#expected;
    const at = (row - this.#firstRow) * dimensions;
    return vectors.subarray(at, at + dimensions);
  }
}

/** New products that are ranked at most, so that enough are left where many are variants of each other. */
const LOOKED_AT = 500;

const made = new WeakMap<JoinedCatalogue, { index: ServingIndex; newProducts: NewProducts }>();

/**
 * Made when it is first asked for: a catalogue of 100,000 products takes a few tenths of a second.
 *
 * @returns undefined where there is no catalogue, or the model was trained without one.
 */
export function newProductsOf({ model: { index }, catalogue }: LiveData): NewProducts | undefined {
  if (catalogue === undefined || index.attributes === undefined) return undefined;
  const found = made.get(catalogue);
  if (found?.index === index) return found.newProducts;
  const newProducts = new NewProducts(index, index.attributes, catalogue);
  made.set(catalogue, { index, newProducts });
  return newProducts;
}

/** What was viewed and can be answered from: known products, or else a new one by its attributes. */
export function answerable(
  data: LiveData,
  viewed: readonly number[],
  viewedRows: readonly number[],
): readonly number[] {
  return viewed.length > 0 || newProductsOf(data) === undefined ? viewed : viewedRows;
}

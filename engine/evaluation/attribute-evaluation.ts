import * as z from 'zod';
import { type AttributeField, selectProducts } from '../attributes/attribute-fields.ts';
import { type QuestionWeights, questionWeightsSchema } from '../attributes/attribute-model.ts';
import { unfittedWeights } from '../attributes/attribute-scorer.ts';
import type { ProductAttributes } from '../attributes/product-attributes.ts';
import type { Corpus, Sessions } from '../clicks/corpus.ts';
import { seededRandom } from '../numeric/random.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { fitAttributeWeights } from './fit-attributes.ts';
import { fitPull } from './fit-pull.ts';
import { evaluateNewProducts, newProductEvaluationSchema, numberNewProducts } from './new-products.ts';

/** In `evaluation.json`: what the catalogue's attributes are worth to this shop. */
export const attributeEvaluationSchema = z.object({
  catalogueVersion: z.string(),
  /** Of the products of the corpus, those that the catalogue lists. */
  listedProducts: z.number(),
  /** Whether the weights were fitted; where the shop has too few questions they are the unfitted ones. */
  isFitted: z.boolean(),
  weights: questionWeightsSchema,
  /** How strongly rare products are drawn towards their attributes, in views. */
  pull: z.number().min(0),
  /** The split of its own for products first viewed in the held-out sessions; null where nothing was held out. */
  newProducts: newProductEvaluationSchema.nullable(),
});
export type AttributeEvaluation = z.infer<typeof attributeEvaluationSchema>;

/** What is fitted on the tail of the earlier sessions. */
export interface FittedAttributes {
  isFitted: boolean;
  weights: QuestionWeights;
  pull: number;
}

/** The attributes of a run's products by id, for indexes that number them otherwise. */
export class AttributesById {
  readonly #attributes: ProductAttributes;
  readonly #rowOf: ReadonlyMap<string, number>;

  constructor(attributes: ProductAttributes, productIds: readonly string[]) {
    this.#attributes = attributes;
    this.#rowOf = new Map(productIds.map((id, row) => [id, row]));
  }

  fieldsOf(productIds: readonly string[]): AttributeField[] {
    const rows = Int32Array.from(productIds, (id) => this.#rowOf.get(id) ?? -1);
    return this.#attributes.fields.map((field) => selectProducts(field, rows));
  }

  unfitted(): FittedAttributes {
    return { isFitted: false, weights: unfittedWeights(this.#attributes.fields), pull: 0 };
  }

  /** @param tail sessions that the index was not built of. */
  fit(index: ServingIndex, tail: Sessions, seed: number): FittedAttributes {
    const fields = this.fieldsOf(index.productIds);
    const weights = fitAttributeWeights(index, fields, tail, seededRandom(seed));
    const fitted = weights === undefined ? this.unfitted() : { isFitted: true, weights };
    return { ...fitted, pull: fitPull(index, fields, tail) };
  }

  /** @param corpus of which the sessions from `heldOutFrom` on are held out. @param index of those before. */
  evaluate(
    { isFitted, weights, pull }: FittedAttributes,
    index: ServingIndex,
    corpus: Corpus,
    heldOutFrom: number,
    seed: number,
  ): AttributeEvaluation {
    const later = numberNewProducts(corpus, heldOutFrom, index);
    const fields = this.fieldsOf([...index.productIds, ...later.newProductIds]);
    return {
      ...this.summary({ isFitted, weights, pull }),
      newProducts: evaluateNewProducts(index, later, fields, weights, seed),
    };
  }

  /** Where nothing was held out. */
  summary(fitted: FittedAttributes): AttributeEvaluation {
    const { catalogueVersion, listedProducts } = this.#attributes;
    return { catalogueVersion, listedProducts, ...fitted, newProducts: null };
  }
}

import * as z from 'zod';
import type { AttributeField } from '../attributes/attribute-fields.ts';
import type { QuestionWeights } from '../attributes/attribute-model.ts';
import { expectTraits, learnAttributeVectors } from '../attributes/attribute-vectors.ts';
import { MOST_COMPARED, rankByAttributes } from '../attributes/rank-by-attributes.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { contextQuery } from '../ranking/strategies/session-vector.ts';
import { knownTraits } from '../serving-index/known-traits.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { bootstrapRatios } from './bootstrap.ts';
import { gainsSchema } from './figures.ts';
import { type Position, positionsOf, spread } from './positions.ts';

const LIST_LENGTH = 20;
const MOST_QUESTIONS = 3_000;
/** With fewer the interval says nothing. */
export const FEWEST_QUESTIONS = 100;

const NEW_PRODUCT_BASELINES = ['popular in its category', 'popular'] as const;
export const NEW_PRODUCT_RANKERS = ['attributes', ...NEW_PRODUCT_BASELINES] as const;

const newProductGainsSchema = gainsSchema.pick({ 'HR@20': true, 'MRR@20': true });

/** How well one question about new products was answered. */
const newProductFiguresSchema = z.object({
  questions: z.number(),
  /** Products that a list is made of. */
  candidates: z.number(),
  figures: z.record(z.enum(NEW_PRODUCT_RANKERS), newProductGainsSchema),
  /** Attributes − the other, on the same questions. */
  leads: z.record(z.enum(NEW_PRODUCT_BASELINES), newProductGainsSchema),
});
type NewProductFigures = z.infer<typeof newProductFiguresSchema>;

export const newProductEvaluationSchema = z.object({
  /** Products that are first viewed in the held-out sessions. */
  newProducts: z.number(),
  /** Which of the new products is viewed next? Null with fewer than 100 questions. */
  newNext: newProductFiguresSchema.nullable(),
  /** Which known product is viewed after a new one? Null with fewer than 100 questions. */
  afterNew: newProductFiguresSchema.nullable(),
});
export type NewProductEvaluation = z.infer<typeof newProductEvaluationSchema>;

/** The held-out sessions with the products that the index does not know. */
export interface LaterWithNew {
  /** In the index's numbers; products that it does not know follow, by their ids: the order of their views would tell the answers. */
  later: Sessions;
  newProductIds: readonly string[];
}

/** @param corpus of which the sessions from `from` on are held out. */
export function numberNewProducts(
  { offsets, views, productIds }: Sessions & { productIds: readonly string[] },
  from: number,
  { productIds: known, numberOf }: Pick<ServingIndex, 'productIds' | 'numberOf'>,
): LaterWithNew {
  const laterViews = views.subarray(offsets[from]);
  const viewedIds = Array.from(new Set(laterViews), (product) => productIds[product]);
  const newProductIds = viewedIds.filter((id) => !numberOf.has(id)).sort();
  const newNumbers = new Map(newProductIds.map((id, i) => [id, known.length + i]));
  const numbers = laterViews.map((product) => {
    const id = productIds[product];
    return numberOf.get(id) ?? newNumbers.get(id)!;
  });
  const laterOffsets = offsets.slice(from).map((offset) => offset - offsets[from]);
  return { later: { offsets: laterOffsets, views: numbers }, newProductIds };
}

/**
 * Asks the two questions about new products: which of them comes next, and what comes after one of them. Lists are made
 * of products not yet viewed. An order that leaves products equal counts as the mean over all orders of these.
 *
 * The baselines know what a shop without a model would: of known products their views, of new ones their category and how
 * often its known products were viewed on average.
 *
 * @param fields of the products of the index, then of the new ones, in their numbers.
 */
export function evaluateNewProducts(
  index: ServingIndex,
  { later, newProductIds }: LaterWithNew,
  fields: readonly AttributeField[],
  weights: QuestionWeights,
  seed: number,
): NewProductEvaluation {
  const known = knownTraits(index);
  const firstNew = index.productIds.length;
  const newRows = newProductIds.map((_, i) => firstNew + i);
  const learned = learnAttributeVectors(fields, known, index.viewCounts);
  const expected = expectTraits(learned, fields, newRows);
  const popularity = popularityOf(index, fields, newRows);
  const knownRows = Array.from(known.logViews, (_, row) => row);
  const newNext = new Questions(newRows.length);
  const afterNew = new Questions(knownRows.length);
  const ask = (questions: Questions, { session, viewed, target }: Position, vector: ArrayLike<number>) => {
    const isNew = questions === newNext;
    const candidates = isNew ? { firstRow: firstNew, traits: expected } : { firstRow: 0, traits: known };
    const ofQuestion = isNew ? weights.amongNew : weights.forNew;
    const newest = viewed[viewed.length - 1];
    const seen = new Set(viewed);
    const admitted = { has: (row: number) => !seen.has(row) };
    const ranked = rankByAttributes(fields, ofQuestion, { vector, newest }, candidates, MOST_COMPARED, admitted);
    const scores = new Map(ranked.map(({ product, score }) => [product, score]));
    const left = (isNew ? newRows : knownRows).filter((row) => !seen.has(row));
    questions.add(session, [
      gainsAmong(left, target, (row) => scores.get(row) ?? Number.NEGATIVE_INFINITY),
      gainsAmong(left, target, (row) => popularity.inCategoryOf(newest, row)),
      gainsAmong(left, target, popularity.of),
    ]);
  };
  const vectorOf = (viewed: readonly number[]) =>
    contextQuery(
      index,
      viewed.filter((product) => product < firstNew),
    );
  const toNew: Position[] = [];
  const fromNew: Position[] = [];
  for (const position of positionsOf(later, Number.POSITIVE_INFINITY)) {
    const { viewed, target } = position;
    if (viewed.includes(target)) continue;
    const newest = viewed[viewed.length - 1];
    if (target >= firstNew && newest < known.logViews.length) {
      if (vectorOf(viewed) !== undefined) toNew.push(position);
    } else if (newest >= firstNew && target < known.logViews.length) fromNew.push(position);
  }
  for (const position of spread(toNew, MOST_QUESTIONS)) ask(newNext, position, vectorOf(position.viewed)!);
  for (const position of spread(fromNew, MOST_QUESTIONS)) {
    const row = position.viewed[position.viewed.length - 1] - firstNew;
    ask(afterNew, position, expected.vectors.subarray(row * index.dimensions, (row + 1) * index.dimensions));
  }
  return { newProducts: newProductIds.length, newNext: newNext.figures(seed), afterNew: afterNew.figures(seed) };
}

/** [HR@20, MRR@20] of a product that shares the places after `better` others with `equals` products, itself included. */
function gainsOfPlaces(better: number, equals: number): [number, number] {
  let hits = 0;
  let reciprocals = 0;
  for (let place = better + 1; place <= Math.min(LIST_LENGTH, better + equals); place++) {
    hits++;
    reciprocals += 1 / place;
  }
  return [hits / equals, reciprocals / equals];
}

function gainsAmong(rows: readonly number[], target: number, scoreOf: (row: number) => number): [number, number] {
  const targetScore = scoreOf(target);
  let better = 0;
  let equals = 0;
  for (const row of rows) {
    const score = scoreOf(row);
    if (score > targetScore) better++;
    else if (score === targetScore) equals++;
  }
  return gainsOfPlaces(better, equals);
}

/** The category is the field `product_type`; without one, the field in which the fewest values stand for the most. */
function popularityOf(index: ServingIndex, fields: readonly AttributeField[], newRows: readonly number[]) {
  const categories = fields.find(({ name }) => name === 'product_type') ?? coarsest(fields);
  const categoryOf = (row: number) =>
    categories === undefined
      ? ''
      : String(categories.codes.subarray(categories.offsets[row], categories.offsets[row + 1]));
  const totals = new Map<string, { views: number; products: number }>();
  index.viewCounts.forEach((views, row) => {
    const total = totals.get(categoryOf(row)) ?? { views: 0, products: 0 };
    totals.set(categoryOf(row), { views: total.views + views, products: total.products + 1 });
  });
  const ofNew = new Map(
    newRows.map((row) => {
      const { views, products } = totals.get(categoryOf(row)) ?? { views: 0, products: 1 };
      return [row, views / products];
    }),
  );
  const of = (row: number) => ofNew.get(row) ?? index.viewCounts[row];
  const names = new Map<number, string>();
  const cached = (row: number) => {
    const name = names.get(row) ?? categoryOf(row);
    names.set(row, name);
    return name;
  };
  const inCategoryOf = (newest: number, row: number) =>
    of(row) + (cached(row) === cached(newest) ? Number.MAX_SAFE_INTEGER / 2 : 0);
  return { of, inCategoryOf };
}

function coarsest(fields: readonly AttributeField[]): AttributeField | undefined {
  return fields
    .filter(({ tokens }) => tokens.length > 1)
    .reduce<AttributeField | undefined>(
      (best, field) =>
        best === undefined || field.codes.length / field.tokens.length > best.codes.length / best.tokens.length
          ? field
          : best,
      undefined,
    );
}

/** Gains of each ranker by session, whose positions are not independent. */
class Questions {
  readonly #candidates: number;
  readonly #rows = new Map<number, { gains: number[]; questions: number }>();
  #count = 0;

  constructor(candidates: number) {
    this.#candidates = candidates;
  }

  /** @param gains of each ranker */
  add(session: number, gains: readonly (readonly [number, number])[]): void {
    const [ours, ...others] = gains;
    const values = [...gains.flat(), ...others.flatMap((theirs) => [ours[0] - theirs[0], ours[1] - theirs[1]])];
    const row = this.#rows.get(session) ?? { gains: values.map(() => 0), questions: 0 };
    this.#rows.set(session, { gains: row.gains.map((sum, i) => sum + values[i]), questions: row.questions + 1 });
    this.#count++;
  }

  figures(seed: number): NewProductFigures | null {
    if (this.#count < FEWEST_QUESTIONS) return null;
    const rows = [...this.#rows.values()];
    const width = rows[0].gains.length;
    const numerators = Float64Array.from(rows.flatMap(({ gains }) => gains));
    const denominators = Float64Array.from(rows.flatMap(({ questions }) => Array<number>(width).fill(questions)));
    const estimates = bootstrapRatios(numerators, denominators, width, seed);
    const pair = (at: number) => ({ 'HR@20': estimates[2 * at], 'MRR@20': estimates[2 * at + 1] });
    const rankers = NEW_PRODUCT_RANKERS.map((name, r) => [name, pair(r)]);
    const leads = NEW_PRODUCT_BASELINES.map((name, r) => [name, pair(NEW_PRODUCT_RANKERS.length + r)]);
    return {
      questions: this.#count,
      candidates: this.#candidates,
      figures: Object.fromEntries(rankers) as NewProductFigures['figures'],
      leads: Object.fromEntries(leads) as NewProductFigures['leads'],
    };
  }
}

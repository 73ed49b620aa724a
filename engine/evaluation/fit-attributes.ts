import type { AttributeField } from '../attributes/attribute-fields.ts';
import type { AttributeWeights, QuestionWeights } from '../attributes/attribute-model.ts';
import { attributeFeatures, featureNames } from '../attributes/attribute-scorer.ts';
import { expectTraits, learnAttributeVectors } from '../attributes/attribute-vectors.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { minimise } from '../numeric/l-bfgs.ts';
import { type Random, randomInteger } from '../numeric/random.ts';
import { contextQuery } from '../ranking/strategies/session-vector.ts';
import { knownTraits } from '../serving-index/known-traits.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { positionsOf } from './positions.ts';
import { type Choice, softmaxLoss } from './softmax-loss.ts';

const FOLDS = 5;
/** With more products one fold has questions enough. */
const MOST_PRODUCTS_FOR_FOLDS = 5_000;
const MOST_CHOICES = 2_000;
/** With fewer the fit would be noise. */
const FEWEST_CHOICES = 200;
/** Candidates of a choice beside the product that was viewed next. */
const SAMPLED_CANDIDATES = 200;
const MOST_POSITIONS = 20_000;
const RIDGE = 1e-3;

/**
 * Fits how much each attribute says, by pretending that every fifth product is new: its vectors are then expected from
 * the attributes of the others. What was viewed next at a position, among products of the same kind drawn at random, is a
 * choice of a conditional logit model, as in `fit-blend.ts`.
 *
 * @param fields of the index's products, in its numbers. @param later sessions that the index was not built of.
 * @returns undefined when there are too few choices of either kind.
 */
export function fitAttributeWeights(
  index: ServingIndex,
  fields: readonly AttributeField[],
  later: Sessions,
  random: Random,
): QuestionWeights | undefined {
  const traits = knownTraits(index);
  const productCount = traits.logViews.length;
  const amongNew: Choice[] = [];
  const forNew: Choice[] = [];
  const folds = productCount <= MOST_PRODUCTS_FOR_FOLDS ? FOLDS : 1;
  for (let fold = 0; fold < folds; fold++) {
    const isNew = (product: number) => product % FOLDS === fold;
    const [news, olds] = [true, false].map((wanted) =>
      Array.from({ length: productCount }, (_, product) => product).filter((product) => isNew(product) === wanted),
    );
    const learned = learnAttributeVectors(fields, traits, index.viewCounts, (product) => !isNew(product));
    const expected = expectTraits(learned, fields, news);
    const rowOf = new Map(news.map((product, row) => [product, row]));
    const most = (MOST_CHOICES * (fold + 1)) / folds;
    const choose = (vector: ArrayLike<number>, newest: number, from: readonly number[], target: number): Choice => {
      const candidates = [target, ...sample(from, target, random)];
      const width = 2 + fields.length;
      const features = new Float32Array(candidates.length * width);
      const buffer = new Float64Array(width);
      candidates.forEach((row, c) => {
        const contextRow = rowOf.get(row);
        const known = { row, contextRow: row, contextVectors: traits.contextVectors, logViews: traits.logViews[row] };
        const candidate =
          contextRow === undefined
            ? known
            : { row, contextRow, contextVectors: expected.contextVectors, logViews: expected.logViews[contextRow] };
        attributeFeatures(fields, { vector, newest }, candidate, buffer);
        features.set(buffer, c * width);
      });
      return { features, chosen: 0 };
    };
    for (const { viewed, target } of positionsOf(later, MOST_POSITIONS)) {
      if (target >= productCount || viewed.includes(target)) continue;
      const newest = viewed[viewed.length - 1];
      if (newest >= productCount) continue;
      if (isNew(target) && !isNew(newest) && amongNew.length < most) {
        const known = viewed.filter((product) => !isNew(product));
        const vector = contextQuery(index, known);
        if (vector !== undefined) amongNew.push(choose(vector, newest, news, target));
      } else if (!isNew(target) && isNew(newest) && forNew.length < most) {
        const row = rowOf.get(newest)!;
        const vector = expected.vectors.subarray(row * index.dimensions, (row + 1) * index.dimensions);
        forNew.push(choose(vector, newest, olds, target));
      }
    }
  }
  if (Math.min(amongNew.length, forNew.length) < FEWEST_CHOICES) return undefined;
  return { amongNew: fit(amongNew, fields), forNew: fit(forNew, fields) };
}

function fit(choices: readonly Choice[], fields: readonly AttributeField[]): AttributeWeights {
  const names = featureNames(fields);
  const loss = softmaxLoss(choices, names.length, RIDGE);
  const weights = minimise(loss, new Float64Array(names.length), { maxIterations: 100, tolerance: 1e-6 });
  return Object.fromEntries(names.map((name, f) => [name, weights[f]]));
}

/** All others where they are few. */
function sample(from: readonly number[], target: number, random: Random): number[] {
  const others = from.filter((product) => product !== target);
  if (others.length <= SAMPLED_CANDIDATES) return others;
  return Array.from({ length: SAMPLED_CANDIDATES }, () => others[randomInteger(random, others.length)]);
}

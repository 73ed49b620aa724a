import { encodeRecommendationId } from '../../engine/artifacts/recommendation-id.ts';
import { variantGroups } from '../../engine/catalogue/variants.ts';
import type { Bitset } from '../../engine/numeric/bitset.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { type Explanation, explain } from '../../engine/ranking/explain.ts';
import { OneOfEachGroup } from '../../engine/ranking/one-of-each-group.ts';
import { rank } from '../../engine/ranking/rank.ts';
import type { RankedProduct } from '../../engine/ranking/ranked-product.ts';
import type { Scorer } from '../../engine/ranking/scorer.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import { type Admission, type AdmissionRequest, admissionsFor } from './admission.ts';
import type { ApiServices } from './api-services.ts';
import type { LiveData } from './live-data.ts';
import { type LiveModel, modelAgeSeconds } from './model-cache.ts';
import { newProductsOf } from './new-products.ts';
import { idOf } from './product-lookup.ts';
import { fieldsOfProduct, readFields } from './shown-fields.ts';

/** What is asked; products that neither the model nor the catalogue knows are left out of it. */
export interface Question extends AdmissionRequest {
  /** The model's products, oldest first. */
  viewed: readonly number[];
  count: number;
  /** @default the model's */
  strategy?: Strategy | undefined;
  /** @default another one each time */
  seed?: number | undefined;
  explain: boolean;
  /** Share of the places, the last ones, for products that the model does not know. */
  explore: number;
  /** Of the catalogue, to be shown with each item. */
  fields: readonly string[];
}

/** Older views of a long session add nothing: strategies look at its newest products. */
const RANKED_VIEWS = 1_000;

/** The part of every answer that recommends. */
export function recommend(data: LiveData, question: Question, services: ApiServices) {
  const { model, catalogue } = data;
  const { index, version } = model;
  const strategy = question.strategy ?? index.defaultStrategy;
  const seed = question.seed ?? services.newSeed();
  const viewed = question.viewed.slice(-RANKED_VIEWS);
  const shown = readFields(data, question.fields, question.askedIn);
  const { ranked, relaxed, admitted } = rankAdmitted(data, question, { viewed, strategy, seed });
  const explanations = question.explain
    ? explain(index, strategy, { viewed, random: seededRandom(seed), admitted }, ranked)
    : undefined;
  const likeIn = (product: number, source: RankedProduct['source']) =>
    source === 'attributes' && { likeIn: newProductsOf(data)?.likeIn(question.viewedRows.at(-1)!, product) };
  services.onRecommended({
    items: ranked.length,
    fallbackItems: ranked.filter(({ source }) => source === 'popular').length,
    modelAgeSeconds: modelAgeSeconds(model, services.nowMs()),
  });
  return {
    strategy,
    modelVersion: version,
    ...(catalogue !== undefined && { catalogueVersion: catalogue.catalogue.version }),
    recommendationId: encodeRecommendationId(services.newId(), { runId: version, strategy }),
    ...((question.filter !== undefined || question.relax.length > 0) && { relaxed: [...relaxed] }),
    items: ranked.map(({ product, score, source }, i) => ({
      productId: idOf(data, product)!,
      rank: i + 1,
      score,
      source,
      ...(shown.length > 0 && { fields: fieldsOfProduct(catalogue!, shown, product) }),
      ...(explanations !== undefined && {
        why: { ...withIds(model, explanations[i]), ...likeIn(product, source) },
      }),
    })),
  };
}

/** Gives up as few conditions as are needed for `count` products. */
function rankAdmitted(
  data: LiveData,
  question: Question,
  { viewed, strategy, seed }: { viewed: readonly number[]; strategy: Strategy; seed: number },
) {
  const { model, catalogue } = data;
  const { count, excludeViewed } = question;
  const older = question.viewed.slice(0, -RANKED_VIEWS);
  const excluded = new Set(excludeViewed ? older : []);
  const groups = catalogue && variantGroups(catalogue);
  const scorer = strategy === 'popularity' ? undefined : scorerForNew(data, question);
  const rankAmong = ({ admitted, relaxed }: Admission) => {
    const request = { viewed, excluded, excludeViewed, count, strategy, scorer, admitted, variantGroups: groups };
    const ranked: RankedProduct[] = rank(model.index, { ...request, random: seededRandom(seed) }).map((item) =>
      scorer !== undefined && item.source === 'model' ? { ...item, source: 'attributes' } : item,
    );
    return { ranked: withNewProducts(data, question, ranked, { viewed, admitted, groups }), relaxed, admitted };
  };
  let answer: (() => ReturnType<typeof rankAmong>) | undefined;
  for (const admission of admissionsFor(data, question)) {
    // A set that is too small anyway is ranked only when it turns out to be the last.
    if (admission.admitted !== undefined && admission.admitted.count() < count) {
      answer = () => rankAmong(admission);
      continue;
    }
    const found = rankAmong(admission);
    if (found.ranked.length === count) return found;
    answer = () => found;
  }
  return answer!();
}

/** Where all that was viewed is new to the model: its products are ranked by attributes. */
function scorerForNew(data: LiveData, { viewed, viewedRows, count }: Question): Scorer | undefined {
  const newest = viewedRows.at(-1);
  if (viewed.length > 0 || newest === undefined) return undefined;
  const newProducts = newProductsOf(data);
  return newProducts?.isNew(newest) === true ? newProducts.scorerFor(newest, MORE_THAN_SHOWN * count) : undefined;
}

/** Variants, and what rules take away, leave fewer. */
const MORE_THAN_SHOWN = 5;

/** Gives the last places to new products that suit the session. */
function withNewProducts(
  data: LiveData,
  { explore, count, viewedRows, excludeViewed }: Question,
  ranked: RankedProduct[],
  {
    viewed,
    admitted,
    groups,
  }: { viewed: readonly number[]; admitted: Bitset | undefined; groups: Int32Array | undefined },
): RankedProduct[] {
  const places = Math.floor(explore * count);
  const newest = viewedRows.at(-1);
  const newProducts = places === 0 || newest === undefined ? undefined : newProductsOf(data);
  if (newProducts === undefined) return ranked;
  const taken = new OneOfEachGroup(groups);
  const kept = ranked.slice(0, count - places);
  for (const { product } of kept) taken.take(product);
  const seen = new Set(excludeViewed ? viewedRows : []);
  const isAdmitted = (row: number) => admitted?.has(row) !== false && !seen.has(row);
  const found = newProducts.suiting(viewed, newest!, { count: places, admitted: { has: isAdmitted }, taken });
  return [...ranked.slice(0, count - found.length), ...found];
}

function withIds({ index }: LiveModel, { evidence, with: pair }: Explanation) {
  if (pair === null) return { evidence, with: null };
  const { product, ...facts } = pair;
  return { evidence, with: { productId: index.productIds[product], ...facts } };
}

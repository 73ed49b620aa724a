import { encodeRecommendationId } from '../../engine/artifacts/recommendation-id.ts';
import { variantGroups } from '../../engine/catalogue/variants.ts';
import type { Bitset } from '../../engine/numeric/bitset.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { type ArrangedProduct, SPREAD_REACH } from '../../engine/ranking/arrange.ts';
import { type Explanation, explain } from '../../engine/ranking/explain.ts';
import { explore } from '../../engine/ranking/explore.ts';
import { rank } from '../../engine/ranking/rank.ts';
import type { RankedProduct } from '../../engine/ranking/ranked-product.ts';
import type { Scorer } from '../../engine/ranking/scorer.ts';
import type { Directions } from '../../engine/rules/rules-engine.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import { type Admission, type AdmissionRequest, admissionsFor } from './admission.ts';
import type { ApiServices } from './api-services.ts';
import { DEFAULT_COUNT } from './fields.ts';
import type { LiveData } from './live-data.ts';
import { type LiveModel, modelAgeSeconds } from './model-cache.ts';
import { newProductsOf } from './new-products.ts';
import { idOf } from './product-lookup.ts';
import { fieldsOfProduct, readFields } from './shown-fields.ts';

/** What is asked; products that neither the model nor the catalogue knows are left out of it. */
export interface Question extends Omit<AdmissionRequest, 'directions'> {
  /** The model's products, oldest first. */
  viewed: readonly number[];
  /** @default the placement's, or 5 */
  count?: number | undefined;
  /** @default the placement's, or the model's */
  strategy?: Strategy | undefined;
  /** The use that the list is for. */
  placement?: string | undefined;
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
export function recommend(data: LiveData, asked: Question, services: RecommendServices) {
  const { model, catalogue, rules } = data;
  const { index, version } = model;
  const directions = directionsFor(data, asked, services.nowMs());
  const question = { ...asked, directions, count: countOf(data, asked) };
  const placement = directions?.placement;
  const strategy = question.strategy ?? placement?.strategy ?? index.defaultStrategy;
  const seed = question.seed ?? services.newSeed();
  const viewed = question.viewed.slice(-RANKED_VIEWS);
  const shown = readFields(data, question.fields, question.askedIn);
  const { ranked, relaxed, admitted } = rankAdmitted(data, question, { viewed, strategy, seed });
  const explanations = question.explain
    ? explain(
        index,
        strategy,
        { viewed, random: seededRandom(seed), admitted, adjustments: directions?.adjustments },
        ranked,
      )
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
    ...(rules !== undefined && { rulesVersion: rules.version }),
    recommendationId: encodeRecommendationId(services.newId(), {
      runId: version,
      strategy,
      placement: question.placement,
    }),
    ...((question.filter !== undefined || question.relax.length > 0 || placement?.filter !== undefined) && {
      relaxed: [...relaxed],
    }),
    items: ranked.map((item, i) => itemOf(item, i)),
  };

  function itemOf(item: ArrangedProduct, i: number) {
    const { product, score, source } = item;
    return {
      productId: idOf(data, product)!,
      rank: i + 1,
      score,
      source,
      ...(shown.length > 0 && { fields: fieldsOfProduct(catalogue!, shown, product) }),
      ...(explanations !== undefined && {
        why: {
          ...withIds(model, explanations[i]),
          ...likeIn(product, source),
          ...(directions !== undefined && { rules: directions.touchesOf(item) }),
        },
      }),
    };
  }
}

export type RecommendServices = Pick<ApiServices, 'newId' | 'newSeed' | 'nowMs' | 'onRecommended'>;

/** @throws InputError for a placement that the rules do not have. Without any rules, no name can be wrong. */
function directionsFor({ rules }: LiveData, { placement, viewedRows }: Question, nowMs: number) {
  return rules?.engine.directionsFor(placement, viewedRows.at(-1), nowMs);
}

/** How many are asked for. */
export function countOf({ rules }: LiveData, { count, placement }: Pick<Question, 'count' | 'placement'>): number {
  return count ?? (placement === undefined ? undefined : rules?.engine.placement(placement)?.count) ?? DEFAULT_COUNT;
}

interface DirectedQuestion extends Question {
  count: number;
  directions: Directions | undefined;
}

/** Gives up as few conditions as are needed for `count` products. */
function rankAdmitted(
  data: LiveData,
  question: DirectedQuestion,
  { viewed, strategy, seed }: { viewed: readonly number[]; strategy: Strategy; seed: number },
) {
  const { model, catalogue } = data;
  const { count, excludeViewed, directions } = question;
  const { adjustments, pins, limits } = directions ?? {};
  // The rows hold what `viewed` leaves out: views that are too old, and products that the model does not know.
  const excluded = new Set(excludeViewed ? question.viewedRows : []);
  const groups = catalogue && variantGroups(catalogue);
  const scorer = strategy === 'popularity' ? undefined : scorerForNew(data, question, groups !== undefined);
  const rankAmong = ({ admitted, relaxed }: Admission) => {
    const ruled = { admitted, variantGroups: groups, adjustments, pins, limits };
    const request = { viewed, excluded, excludeViewed, count, strategy, scorer, ...ruled };
    const ranked: ArrangedProduct[] = rank(model.index, { ...request, random: seededRandom(seed) }).map((item) =>
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
function scorerForNew(
  data: LiveData,
  { viewed, viewedRows, count, directions }: DirectedQuestion,
  hasVariants: boolean,
): Scorer | undefined {
  const newest = viewedRows.at(-1);
  if (viewed.length > 0 || newest === undefined) return undefined;
  const newProducts = newProductsOf(data);
  if (newProducts?.isNew(newest) !== true) return undefined;
  // Boosted products, or those of another group, may stand far down.
  const isRuled = directions?.adjustments !== undefined || (directions?.limits.length ?? 0) > 0;
  const most = MORE_THAN_SHOWN * count;
  return newProducts.scorerFor(newest, isRuled || hasVariants ? Math.max(most, SPREAD_REACH) : most);
}

/** Pinned products among them leave fewer. */
const MORE_THAN_SHOWN = 5;

/** The places of a share, rounded down. A product such as 0.29 × 100 is a whole number, which a double falls just short of. */
export function placesOf(share: number, count: number): number {
  return Math.floor(share * count + 1e-9);
}

/** Gives the last places that are not pinned to new products that suit the session. */
function withNewProducts(
  data: LiveData,
  { explore: share, count, viewedRows, excludeViewed, directions }: DirectedQuestion,
  ranked: ArrangedProduct[],
  {
    viewed,
    admitted,
    groups,
  }: { viewed: readonly number[]; admitted: Bitset | undefined; groups: Int32Array | undefined },
): ArrangedProduct[] {
  const places = placesOf(share, count);
  const newest = viewedRows.at(-1);
  const newProducts = places === 0 || newest === undefined ? undefined : newProductsOf(data);
  if (newProducts === undefined) return ranked;
  const seen = new Set(ranked.map(({ product }) => product));
  if (excludeViewed) for (const row of viewedRows) seen.add(row);
  const isAdmitted = (row: number) => admitted?.has(row) !== false && !seen.has(row);
  const candidates = newProducts.suiting(viewed, newest!, { has: isAdmitted });
  return explore(ranked, candidates, { count, places, variantGroups: groups, limits: directions?.limits });
}

function withIds({ index }: LiveModel, { evidence, with: pair }: Explanation) {
  if (pair === null) return { evidence, with: null };
  const { product, ...facts } = pair;
  return { evidence, with: { productId: index.productIds[product], ...facts } };
}

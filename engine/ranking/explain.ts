import { BLEND_FEATURES } from '../serving-index/blend-weights.ts';
import { pairAt } from '../serving-index/product-pairs.ts';
import { CANDIDATE_INPUTS } from '../serving-index/reranker.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import type { RankedProduct } from './ranked-product.ts';
import type { Query } from './scorer.ts';
import { linearLogits } from './strategies/blend.ts';
import { blendCandidates } from './strategies/blend-features.ts';
import { correctionsByInputs } from './strategies/rerank.ts';

/** Whose evidence it is: a strategy, or the shopper's having seen the product before. */
type Evidence = Exclude<Strategy, 'blend' | 'cluster-sample' | 'cluster-nearest'> | 'seen-before';

/** Why a product is recommended; `with` the newest viewed product, null when none is known. */
export interface Explanation {
  /** What put it on the list, most first; the shares add up to 1. Empty of a pinned product and of one by attributes. */
  evidence: { from: Strategy | 'seen-before'; share: number }[];
  with: {
    product: number;
    /** Sessions that hold both. */
    sessionsTogether: number;
    /** How often it was viewed right after it, each view by the weight of what its session did with the product. */
    viewsRightAfter: number;
    /** Sessions that bought both, or put both into the cart where no purchase is known; absent where neither is. */
    boughtTogether?: number;
    /** Null when one of them has no vector and so is in no cluster. */
    sameCluster: boolean | null;
  } | null;
}

/** One explanation for each of the ranked products. */
export function explain(
  index: ServingIndex,
  strategy: Strategy,
  query: Query,
  ranked: readonly RankedProduct[],
): Explanation[] {
  const contributions = strategy === 'blend' ? blendContributions(index, query) : undefined;
  const newest = query.viewed.at(-1);
  return ranked.map(({ product, source }) => ({
    evidence: source === 'model' ? (contributions?.get(product) ?? [{ from: strategy, share: 1 }]) : EVIDENCE[source],
    with:
      newest === undefined || product >= index.productIds.length
        ? null
        : { product: newest, ...pairFacts(index, newest, product) },
  }));
}

/** Of what no strategy ranked. */
const EVIDENCE: Record<Exclude<RankedProduct['source'], 'model'>, Explanation['evidence']> = {
  popular: [{ from: 'popularity', share: 1 }],
  trending: [{ from: 'trending', share: 1 }],
  attributes: [],
  pinned: [],
};

/** Which evidence an input belongs to; the blend's features are the first of the inputs. */
const EVIDENCE_OF: readonly Evidence[] = CANDIDATE_INPUTS.map((input) => {
  if (input.includes('session-knn')) return 'session-knn';
  if (input.includes('rules')) return 'sequential-rules';
  if (input.includes('markov') || input.includes('continuations')) return 'markov';
  if (input.includes('vectors') || input.includes('cosine')) return 'embedding';
  return input === 'log views' || input === 'log recent views' ? 'popularity' : 'seen-before';
});

const KINDS_OF_EVIDENCE = [...new Set(EVIDENCE_OF)];
/** (kinds) */
const INPUTS_OF = KINDS_OF_EVIDENCE.map((evidence) =>
  [...EVIDENCE_OF.keys()].filter((i) => EVIDENCE_OF[i] === evidence),
);

/**
 * What a candidate's logit owes to one kind of evidence: of the blend's weights, the sum over its features of
 * weight · (value − mean value of the candidates); of the reranker, `correctionsByInputs`. Of these are made shares; those
 * below zero are left aside.
 */
function blendContributions(index: ServingIndex, query: Query): Map<number, Explanation['evidence']> {
  const candidates = blendCandidates(index, query);
  const { size, products, features } = candidates;
  const weights = index.blendWeights;
  const means = weights.map((_, f) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += features[i * weights.length + f];
    return sum / size;
  });
  const logits = new Float64Array(size);
  linearLogits(weights, features, size, logits);
  const corrections = correctionsByInputs(index, query.viewed, candidates, logits, INPUTS_OF);
  const leads = KINDS_OF_EVIDENCE.map((evidence, kind): [Evidence, Float64Array] => {
    const lead = new Float64Array(size);
    for (const f of INPUTS_OF[kind]) {
      if (f >= BLEND_FEATURES.length) continue;
      for (let i = 0; i < size; i++) lead[i] += weights[f] * (features[i * weights.length + f] - means[f]);
    }
    return [evidence, lead.map((sum, i) => sum + corrections[kind][i])];
  });
  const explained = new Map<number, Explanation['evidence']>();
  for (let i = 0; i < size; i++) {
    const positive = leads
      .map(([from, lead]): [Evidence, number] => [from, lead[i]])
      .filter(([, value]) => value > 0)
      .sort(([, a], [, b]) => b - a);
    const total = positive.reduce((sum, [, value]) => sum + value, 0);
    if (total > 0)
      explained.set(
        products[i],
        positive.map(([from, value]) => ({ from, share: value / total })),
      );
  }
  return explained;
}

function pairFacts({ pairs, clusterOf, boughtTogether }: ServingIndex, from: number, to: number) {
  const at = pairAt(pairs, from, to);
  const boughtAt = boughtTogether && pairAt(boughtTogether, from, to);
  const areClustered = from < clusterOf.length && to < clusterOf.length;
  return {
    sessionsTogether: at === undefined ? 0 : pairs.together[at],
    viewsRightAfter: at === undefined ? 0 : pairs.next[at],
    ...(boughtTogether !== undefined && {
      boughtTogether: boughtAt === undefined ? 0 : boughtTogether.sessions[boughtAt],
    }),
    sameCluster: areClustered ? clusterOf[from] === clusterOf[to] : null,
  };
}

import { PRESETS, type TrainingSettings } from '../artifacts/training-request.ts';
import { drawRareProducts } from '../attributes/draw-rare.ts';
import type { Corpus } from '../clicks/corpus.ts';
import { InputError } from '../errors.ts';
import { seededRandom } from '../numeric/random.ts';
import { scorerOf } from '../ranking/rank.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { BLEND_PARTS } from '../ranking/strategies/blend-features.ts';
import { embeddingContext } from '../ranking/strategies/embedding.ts';
import { coOccurrence } from '../ranking/strategies/pair-rules.ts';
import { BLEND_FEATURES, weightsByName } from '../serving-index/blend-weights.ts';
import { buildServingIndex, type ServingIndex, withVectors } from '../serving-index/serving-index.ts';
import { isStrategy, STRATEGIES, type Strategy } from '../serving-index/strategy.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import type { AttributesById, FittedAttributes } from './attribute-evaluation.ts';
import { compare, judgedGains, summarise } from './evaluate.ts';
import type { Evaluation } from './figures.ts';
import { fitBlend } from './fit-blend.ts';
import { type FittedReranker, fitReranker } from './fit-reranker.ts';
import { type FittedSessionKnn, fitSessionKnn } from './fit-session-knn.ts';
import type { AskedSessions, Question } from './question.ts';
import type { Backtest } from './run-evaluation.ts';
import { splitAt } from './split.ts';
import { type Tally, tallyPositions } from './tally.ts';
import { oneCluster, type TrainModel } from './train-model.ts';

/** Settings of a run that decide what is measured. */
export type BacktestSettings = Pick<TrainingSettings, 'question' | 'trending_half_life_days'>;

/** The newest tenth of the sessions is held out, and the newest tenth of the others fits the blend. */
const HELD_OUT_SHARE = 0.1;

/** Compared in every backtest, though not served: they check the harness and what the blend is made of. */
const BASELINES: Record<string, Scorer> = {
  ...BLEND_PARTS,
  'co-occurrence': coOccurrence,
  'embedding, input × output': embeddingContext,
};

/** What was trained on the earlier sessions, and the later ones to ask it about. */
export interface HeldOut {
  /** Numbers products by the earlier sessions alone. */
  index: ServingIndex;
  /** In the index's numbers; session 0 is the first one held out. */
  later: AskedSessions;
  sessions: Backtest['sessions'];
  /** (features of the blend) undefined when there were too few sessions to fit them. */
  blendWeights: Float64Array | undefined;
  /** What is asked at the positions of `later`. */
  question: Question;
  /** Undefined when there were too few sessions to fit it. */
  sessionKnn: FittedSessionKnn | undefined;
  /** Undefined when there were too few choices to fit it, or it gained nothing. */
  reranker: FittedReranker | undefined;
  /** Undefined when nothing is known of the products' attributes. */
  attributes: FittedAttributes | undefined;
}

/**
 * Trains on the earlier sessions of the corpus, asks every strategy for every next view of the later ones, and counts
 * how often it was right. The blend's weights are fitted on the tail of the earlier sessions by a model of those before
 * the tail: nothing that is measured was seen.
 *
 * @param heldOutFrom the first session that is held out. @default the newest tenth of the sessions
 * @throws InputError when there are too few sessions to hold any out.
 */
export async function backtest(
  corpus: Corpus,
  train: TrainModel,
  seed: number,
  heldOutFrom = firstHeldOut(corpus),
  settings?: BacktestSettings,
): Promise<Backtest> {
  return measure(await trainOnEarlier(corpus, train, heldOutFrom, { settings }), seed);
}

/** What is asked, and what is known beside the clicks. */
export interface WhatToLearn {
  /** @default the preset's */
  settings?: BacktestSettings | undefined;
  /** Of the products, where there is a catalogue. */
  attributes?: AttributesById | undefined;
  /** Of what is drawn when attributes are fitted. */
  seed?: number;
}

/** The first half of `backtest`. */
export async function trainOnEarlier(
  corpus: Corpus,
  train: TrainModel,
  heldOutFrom: number,
  { settings = PRESETS.layer, attributes, seed = 0 }: WhatToLearn = {},
): Promise<HeldOut> {
  const { question, trending_half_life_days: halfLifeDays } = settings;
  const { train: earlier, later } = splitAt(corpus, heldOutFrom, question);
  if (earlier.views.length === 0 || later.views.length === 0) {
    throw new InputError(
      `A backtest needs sessions to learn from and later ones of the same products to ask about: found ` +
        `${corpus.sessionIds.length} sessions of two or more views; upload a longer period.`,
    );
  }
  // What is fitted is fitted while the vectors are learned, where `train` has threads of its own.
  const fitting = fitOnTail(earlier, train, question, attributes, seed);
  const training = train(earlier, async (learned) => {
    if (attributes === undefined) return learned;
    const { pull = 0 } = (await fitting).attributes ?? {};
    return drawRareProducts(learned, earlier.viewCounts, attributes.fieldsOf(earlier.productIds), pull);
  });
  const [fitted, { vectors, clusters }] = await Promise.all([fitting, training]);
  const { blendWeights } = fitted;
  return {
    index: {
      ...buildServingIndex(earlier, vectors, clusters, 'blend', blendWeights, halfLifeDays),
      sessionKnn: fitted.sessionKnn?.settings,
      reranker: fitted.reranker?.reranker,
    },
    later,
    sessions: { earlier: heldOutFrom, heldOut: corpus.sessionIds.length - heldOutFrom },
    blendWeights,
    question,
    sessionKnn: fitted.sessionKnn,
    reranker: fitted.reranker,
    attributes: fitted.attributes,
  };
}

/** The second half of `backtest`. @param tallies what `tallyAll` gives, where it was made already. */
export function measure(heldOut: HeldOut, seed: number, tallies?: Tallies): Backtest {
  const { index, later, sessions, blendWeights, question } = heldOut;
  const measured = { sessions, blendWeights: namedWeights(blendWeights), ...questionOf(question) };
  return backtestOf(tallies ?? tallyAll(index, later, seed), measured, seed);
}

const NOTHING_BOUGHT =
  'there are no purchases and no carts to learn from, or too few: name them with weights of their own, such as --events view_item=1,purchase=5';

function hasSomethingToSay(strategy: Strategy, { boughtTogether }: ServingIndex): boolean {
  return strategy !== 'bought-together' || boughtTogether !== undefined;
}

/** By name, of every strategy that has something to say, and of every baseline. */
export type Tallies = Record<string, Tally>;

export function tallyAll(index: ServingIndex, later: AskedSessions, seed: number): Tallies {
  return Object.fromEntries(namesToTally(index).map((name) => [name, tallyOne(index, name, later, seed)]));
}

/** Of baselines and strategies. */
export function namesToTally(index: ServingIndex): string[] {
  const measured = STRATEGIES.filter((name) => hasSomethingToSay(name, index));
  return [...new Set([...Object.keys(BASELINES), ...measured])];
}

/** One of `tallyAll`. */
export function tallyOne(index: ServingIndex, name: string, later: AskedSessions, seed: number): Tally {
  const scorer = isStrategy(name) ? scorerOf(name) : BASELINES[name];
  return tallyPositions(index, scorer, later, seededRandom(seed));
}

export function backtestOf(
  tallies: Tallies,
  measured: Pick<Backtest, 'sessions' | 'folds' | 'blendWeights' | 'question'>,
  seed: number,
): Backtest {
  if (measured.question !== undefined && tallies['popularity'].positions.viewedAllowed === 0) {
    throw new InputError(
      `None of the ${measured.sessions.heldOut} sessions that were held out buys a product that is not its first: upload a longer period, or ask about views with question=view.`,
    );
  }
  const evaluations = mapValues(tallies, (tally) => summarise(tally, seed));
  const best = bestStrategy(evaluations);
  const { [best]: bestTally, ...others } = tallies;
  const unmeasured = STRATEGIES.filter((name) => !Object.hasOwn(tallies, name)).map((name) => [name, NOTHING_BOUGHT]);
  return {
    ...measured,
    evaluations,
    ...(unmeasured.length > 0 && { unmeasured: Object.fromEntries(unmeasured) }),
    judgedBy: 'asServed',
    best,
    leads: mapValues(others, (tally) => compare(bestTally, tally, seed)),
  };
}

function mapValues<T, U>(values: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

/** For a report, which says it where it is not the default. */
export function questionOf(question: Question): Pick<Backtest, 'question'> {
  return question === 'view' ? {} : { question };
}

/** For a report: weights under their features' names. */
export function namedWeights(weights: Float64Array | undefined): Record<string, number> | null {
  if (weights === undefined) return null;
  return Object.fromEntries(BLEND_FEATURES.map((feature, f) => [feature, weights[f]]));
}

/** For `buildServingIndex`: named weights in the features' order. */
export function blendWeightsOf(named: Record<string, number> | null): Float64Array | undefined {
  return named === null ? undefined : weightsByName(Object.entries(named));
}

async function fitOnTail(
  corpus: Corpus,
  train: TrainModel,
  question: Question,
  attributes: AttributesById | undefined,
  seed: number,
): Promise<Pick<HeldOut, 'blendWeights' | 'sessionKnn' | 'reranker' | 'attributes'>> {
  const { train: beforeTail, later: tail } = splitAt(corpus, firstHeldOut(corpus), question);
  if (beforeTail.views.length === 0) {
    const attributesUnfitted = attributes?.unfitted();
    return { blendWeights: undefined, sessionKnn: undefined, reranker: undefined, attributes: attributesUnfitted };
  }
  // No part of the blend needs clusters. session-kNN needs no vectors: it is fitted while they are learned.
  const training = train(beforeTail, undefined, false);
  // Until it is awaited, which may be after it has failed.
  training.catch(() => {});
  await threadsStarted();
  const unembedded = buildServingIndex(beforeTail, NO_VECTORS, oneCluster(NO_VECTORS), 'blend');
  const sessionKnn = fitSessionKnn(unembedded, tail);
  const { vectors, clusters } = await training;
  const index = { ...withVectors(unembedded, vectors, clusters), sessionKnn: sessionKnn?.settings };
  const blend = fitBlend(index, tail);
  return {
    blendWeights: blend?.weights,
    sessionKnn,
    reranker: blend && fitReranker({ ...index, blendWeights: blend.weights }, blend.choices),
    attributes: attributes?.fit(index, tail, seed),
  };
}

const NO_VECTORS: ProductVectors = {
  productIds: [],
  dimensions: 1,
  vectors: new Float32Array(0),
  contextVectors: new Float32Array(0),
};

/** Hands over to whatever starts threads, which then work while this one does. */
function threadsStarted(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function firstHeldOut({ sessionIds }: Corpus): number {
  return Math.floor(sessionIds.length * (1 - HELD_OUT_SHARE));
}

/** Both metrics, since either alone can be bought with the other; equal strategies in the order of `STRATEGIES`. */
function bestStrategy(evaluations: Record<string, Evaluation>): Strategy {
  const quality = (name: Strategy) => {
    const gains = judgedGains(evaluations[name]);
    return gains['HR@20'].value + gains['MRR@20'].value;
  };
  const measured = STRATEGIES.filter((name) => Object.hasOwn(evaluations, name));
  return measured.reduce((best, name) => (quality(name) > quality(best) ? name : best));
}

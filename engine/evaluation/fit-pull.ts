import type { AttributeField } from '../attributes/attribute-fields.ts';
import { drawRareProducts } from '../attributes/draw-rare.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { seededRandom } from '../numeric/random.ts';
import { rankBy } from '../ranking/rank.ts';
import { embeddingContext } from '../ranking/strategies/embedding.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { gainBeyondChance } from './beyond-chance.ts';
import { reciprocalRank } from './metrics.ts';
import { type Position, positionsOf, spread } from './positions.ts';

/** In views: see `drawRareProducts`. */
const PULLS = [3, 10, 30] as const;
/** A product of fewer views is rare. */
const RARE_VIEWS = 30;
const LIST_LENGTH = 20;
const MOST_QUESTIONS = 1_000;
/** With fewer the choice would be noise. */
const FEWEST_QUESTIONS = 200;

/**
 * Chooses how strongly rare products are drawn towards their attributes: by the MRR@20 of the vectors, input × output, on
 * questions that a rare product is part of.
 *
 * @param fields of the index's products. @param later sessions that the index was not built of.
 * @returns in views; 0 where nothing is better beyond chance, or there are too few questions.
 */
export function fitPull(index: ServingIndex, fields: readonly AttributeField[], later: Sessions): number {
  const isRare = (product: number) => product < index.clusterOf.length && index.viewCounts[product] < RARE_VIEWS;
  const ofRare: Position[] = [];
  for (const position of positionsOf(later, Number.POSITIVE_INFINITY)) {
    const { viewed, target } = position;
    if (viewed.includes(target) || !(isRare(target) || isRare(viewed[viewed.length - 1]))) continue;
    ofRare.push(position);
  }
  const questions = spread(ofRare, MOST_QUESTIONS);
  if (questions.length < FEWEST_QUESTIONS) return 0;
  const gainsOf = (pull: number) => {
    const products = { ...index, productIds: index.productIds.slice(0, index.clusterOf.length) };
    const { vectors, contextVectors } = drawRareProducts(products, index.viewCounts, fields, pull);
    return gainsOn(questions, { ...index, vectors, contextVectors });
  };
  const sessions = questions.map(({ session }) => session);
  const undrawn = gainsOf(0);
  let best = { pull: 0, gain: 0 };
  for (const pull of PULLS) {
    const differences = gainsOf(pull).map((gain, q) => gain - undrawn[q]);
    const gain = gainBeyondChance(differences, sessions, PULLS.length);
    if (gain !== undefined && gain > best.gain) best = { pull, gain };
  }
  return best.pull;
}

function gainsOn(questions: readonly Position[], index: ServingIndex): number[] {
  const random = seededRandom(0);
  return questions.map(({ viewed, target }) => {
    const list = rankBy(index, embeddingContext, { viewed, random, count: LIST_LENGTH, excluded: new Set(viewed) });
    const place = list.findIndex(({ product }) => product === target);
    return reciprocalRank(place === -1 ? undefined : place + 1, LIST_LENGTH);
  });
}

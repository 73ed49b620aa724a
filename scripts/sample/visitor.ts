import type { Random } from '../../engine/numeric/random.ts';
import { CATEGORY_COUNT, type Catalogue } from './catalogue.ts';
import { geometric, inverseGaussian } from './distributions.ts';
import { weightedChoice, weightedPartition } from './weighted-partition.ts';

/**
 * How long visitors stay: the law of surfing, an inverse Gaussian (Huberman et al., Science 1998). Fitted to the
 * cumulative lengths of the e-shop file's sessions; the largest difference of the fit is 0.007.
 */
const LENGTH_MEAN = 7.4428;
const LENGTH_SHAPE = 5.7362;
const LENGTH_SHIFT = -1.1479;
export const LONGEST_SESSION = 299;

/** (category) percent of the sessions that start there. */
const START_CATEGORY = [38, 27, 19, 16];
/** (from, to) percent of the changes of category. */
const NEXT_CATEGORY = [
  [0, 37, 38, 25],
  [30, 0, 45, 25],
  [33, 26, 0, 41],
  [35, 30, 35, 0],
];

/** What a visitor does next: the first rule that fits a uniform draw; the rest is any product of the category. */
const REPEAT = 0.038;
const CHANGE_CATEGORY = REPEAT + 0.18;
const SAME_STYLE = CHANGE_CATEGORY + 0.34;
const NEAR_ON_PAGE = SAME_STYLE + 0.33;

/** A visit starts at the best placed products even more than it goes on there: attraction to this power. */
const START_EXPONENT = 1.4;
const FORWARD_SHARE = 0.75;
/** Success probability of the geometric distance between two near views. */
const NEAREST_SHARE = 0.4;

/**
 * @param views filled from the start with the product numbers of one session, at least `LONGEST_SESSION` long.
 * @returns the length of the session.
 */
export type Visit = (views: Uint32Array, random: Random) => number;

/**
 * Visitors of the shop. Each view depends on the one before it alone, except that a product already seen in the
 * session gets one second draw. Memory is that of the catalogue, whatever the number of sessions.
 */
export function visitorsOf(catalogue: Catalogue): Visit {
  const { categoryOf, categoryOffsets, styleOf, styleCount, attraction } = catalogue;
  const startAttraction = attraction.map((weight) => weight ** START_EXPONENT);
  const drawStartOfCategory = weightedPartition(categoryOf, CATEGORY_COUNT, startAttraction);
  const drawOfCategory = weightedPartition(categoryOf, CATEGORY_COUNT, attraction);
  const drawOfStyle = weightedPartition(styleOf, styleCount, attraction);
  const drawStartCategory = weightedChoice(START_CATEGORY);
  const drawNextCategory = NEXT_CATEGORY.map(weightedChoice);

  const drawNear = (product: number, random: Random): number => {
    const distance = 1 + geometric(NEAREST_SHARE, random);
    const target = random() < FORWARD_SHARE ? product + distance : product - distance;
    const category = categoryOf[product];
    const isInside = target >= categoryOffsets[category] && target < categoryOffsets[category + 1];
    return isInside ? target : drawOfCategory(category, random);
  };

  const drawNext = (product: number, move: number, random: Random): number => {
    const category = categoryOf[product];
    if (move < CHANGE_CATEGORY) return drawOfCategory(drawNextCategory[category](random), random);
    if (move < SAME_STYLE) return drawOfStyle(styleOf[product], random);
    if (move < NEAR_ON_PAGE) return drawNear(product, random);
    return drawOfCategory(category, random);
  };

  return (views, random) => {
    const length = drawLength(random);
    views[0] = drawStartOfCategory(drawStartCategory(random), random);
    for (let i = 1; i < length; i++) {
      const last = views[i - 1];
      const move = random();
      if (move < REPEAT) {
        views[i] = last;
        continue;
      }
      const next = drawNext(last, move, random);
      const isSeen = views.lastIndexOf(next, i - 1) >= 0;
      views[i] = isSeen ? drawNext(last, move, random) : next;
    }
    return length;
  };
}

function drawLength(random: Random): number {
  const length = Math.ceil(inverseGaussian(LENGTH_MEAN, LENGTH_SHAPE, random) + LENGTH_SHIFT);
  return Math.min(Math.max(length, 1), LONGEST_SESSION);
}

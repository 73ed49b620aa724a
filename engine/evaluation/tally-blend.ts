import type { ScoreBoard } from '../numeric/score-board.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { addProbabilities } from '../ranking/strategies/blend.ts';
import { type BlendCandidates, blendCandidates } from '../ranking/strategies/blend-features.ts';
import { BLEND_PART_NAMES } from '../serving-index/blend-weights.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { type BlendChoice, choiceAmong, noRandom, withBest } from './fit-blend.ts';
import { positionsOf, spreadOf } from './positions.ts';
import type { AskedSessions } from './question.ts';
import { positionsInRows, rankedFor, type TallyPart, TallySheet } from './tally.ts';

export const TALLIED_WITH_BLEND = ['blend', ...BLEND_PART_NAMES] as const;

/**
 * Those that are tallied, at least, and more the larger the catalogue: from 64,000 positions in place of 16,000 the network gains
 * .004 HR@20 and .002 MRR@20 on Diginetica (43,097 products), where 217 products gain nothing beyond 10,000.
 */
const POSITIONS_TO_LEARN_FROM = { least: 10_000, most: 64_000, aProduct: 1.5 };
/** What is learned of worse candidates is next to nothing, and all of them take up to 40 kB. A few more are not worth the copy. */
const CANDIDATES = { most: 256, kept: 96 };

export interface BlendTallies {
  /** By name, of each of `TALLIED_WITH_BLEND`. */
  tallies: Record<string, TallyPart>;
  /** To fit the blend on: each with its best candidates. */
  choices: BlendChoice[];
}

/**
 * Asks the blend and each of its parts at the same positions: the parts answer once, for themselves and for the blend, which does
 * the same as `tallyPositions` of each in a third of the time. All of these are learned from, and single ones of other sessions.
 *
 * @param share which of so many equal parts of the sessions.
 */
export function tallyBlend(
  index: ServingIndex,
  later: AskedSessions,
  { part, parts }: { part: number; parts: number } = { part: 0, parts: 1 },
): BlendTallies {
  const sessionCount = later.offsets.length - 1;
  const first = Math.floor((sessionCount * part) / parts);
  const end = Math.floor((sessionCount * (part + 1)) / parts);
  let candidates!: BlendCandidates;
  const scorers: Record<string, Scorer> = {
    blend: (_index, { viewed }, board) => addProbabilities(index, viewed, candidates, board),
  };
  BLEND_PART_NAMES.forEach((name, n) => {
    scorers[name] = (_index, _query, board) => copyScores(candidates.board, n, board);
  });
  const sheets = TALLIED_WITH_BLEND.map((name) => ({
    name,
    scorer: scorers[name],
    sheet: new TallySheet(index, scorers[name]),
  }));
  /** By the number of each position that is tallied. */
  const rows = new Map<number, number>();
  for (const { number, row } of positionsInRows(later)) rows.set(number, row);
  const isLearnedFrom = spreadOf(later, positionsToLearnFrom(index.productIds.length), rows.size);
  const choices: BlendChoice[] = [];
  for (const position of positionsOf(later, Number.POSITIVE_INFINITY, first, end)) {
    const { number, viewed } = position;
    const row = rows.get(number);
    if (row === undefined && !isLearnedFrom(position)) continue;
    candidates = blendCandidates(index, { viewed, random: noRandom });
    const choice = choiceAmong(candidates, position);
    if (choice !== undefined) {
      const isLarge = choice.products.length > CANDIDATES.most;
      choices.push(isLarge ? withBest(choice, index.blendWeights, CANDIDATES.kept) : choice);
    }
    if (row === undefined) continue;
    const seen = new Set(viewed);
    for (const { scorer, sheet } of sheets)
      sheet.note({ ...position, row }, rankedFor(index, scorer, viewed, seen, noRandom), seen);
  }
  return { tallies: Object.fromEntries(sheets.map(({ name, sheet }) => [name, sheet.take()])), choices };
}

export function positionsToLearnFrom(productCount: number): number {
  const { least, most, aProduct } = POSITIONS_TO_LEARN_FROM;
  return Math.min(most, Math.max(least, Math.ceil(aProduct * productCount)));
}

/** Of one part of the blend: 0 where it said nothing. */
function copyScores({ products, columns, size }: ScoreBoard, part: number, to: ScoreBoard): void {
  const scores = columns[part];
  for (let i = 0; i < size; i++) if (scores[i] !== 0) to.add(products[i], scores[i]);
}

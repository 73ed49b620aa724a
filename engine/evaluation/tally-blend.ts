import type { ScoreBoard } from '../numeric/score-board.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { addProbabilities } from '../ranking/strategies/blend.ts';
import { type BlendCandidates, blendCandidates } from '../ranking/strategies/blend-features.ts';
import { BLEND_PART_NAMES } from '../serving-index/blend-weights.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { type BlendChoice, choiceAmong, noRandom } from './fit-blend.ts';
import type { AskedSessions } from './question.ts';
import { positionsInRows, rankedFor, type TallyPart, TallySheet } from './tally.ts';

export const TALLIED_WITH_BLEND = ['blend', ...BLEND_PART_NAMES] as const;

/** Of five sessions the last one's choices are not kept: each takes up to 40 kB. */
const SESSIONS_OF_CHOICES = { kept: 4, of: 5 };

export interface BlendTallies {
  /** By name, of each of `TALLIED_WITH_BLEND`. */
  tallies: Record<string, TallyPart>;
  /** To fit the blend on, of most of the positions. */
  choices: BlendChoice[];
}

/**
 * Asks the blend and each of its parts at the same positions: the parts answer once, for themselves and for the blend, which does
 * the same as `tallyPositions` of each in a third of the time.
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
    scorers[name] = (_index, _query, board) => copyBoard(candidates.boards[n], board);
  });
  const sheets = TALLIED_WITH_BLEND.map((name) => ({
    name,
    scorer: scorers[name],
    sheet: new TallySheet(index, scorers[name]),
  }));
  const choices: BlendChoice[] = [];
  for (const position of positionsInRows(later)) {
    const { session, viewed, row } = position;
    if (session < first || session >= end) continue;
    candidates = blendCandidates(index, { viewed, random: noRandom });
    const isKept = row % SESSIONS_OF_CHOICES.of < SESSIONS_OF_CHOICES.kept;
    const choice = isKept ? choiceAmong(candidates, position) : undefined;
    if (choice !== undefined) choices.push(choice);
    const seen = new Set(viewed);
    for (const { scorer, sheet } of sheets)
      sheet.note(position, rankedFor(index, scorer, viewed, seen, noRandom), seen);
  }
  return { tallies: Object.fromEntries(sheets.map(({ name, sheet }) => [name, sheet.take()])), choices };
}

function copyBoard({ products, values, size }: ScoreBoard, to: ScoreBoard): void {
  for (let i = 0; i < size; i++) to.add(products[i], values[products[i]]);
}

import * as z from 'zod';
import { bootstrapRatios } from './bootstrap.ts';
import { type Estimate, estimateSchema } from './figures.ts';
import { COVERAGE_GROUPS, catalogueCoverage, coverageDifference, hit, reciprocalRank } from './metrics.ts';
import { type AskedSession, questionsOf } from './reference-sessions.ts';

const changeSchema = z.object({
  /** Of what is live. */
  live: estimateSchema,
  draft: estimateSchema,
  /** draft − live, on the same questions, resampled together. */
  difference: estimateSchema,
});
type Change = z.infer<typeof changeSchema>;

/** At first lists of 20 products were measured, whatever the placement shows. */
function withCount(placement: unknown): unknown {
  if (typeof placement !== 'object' || placement === null || !('HR@20' in placement && 'MRR@20' in placement)) {
    return placement;
  }
  const { 'HR@20': HR, 'MRR@20': MRR, ...others } = placement;
  return { ...others, count: { live: 20, draft: 20 }, HR, MRR };
}

/** What a draft of rules does to one placement's answers. */
const placementEffectSchema = z.object({
  /** Null: answers that name no placement. */
  placement: z.string().nullable(),
  /** Whether the live rules have the placement, too; otherwise it is compared with answers that name none. */
  isLive: z.boolean(),
  sessions: z.number(),
  questions: z.number(),
  /** Products that a list is to have. */
  count: z.object({ live: z.number(), draft: z.number() }),
  /** HR@n and MRR@n of the lists as they are shown: see `cutoffOf`. */
  HR: changeSchema,
  MRR: changeSchema,
  /** Share of the catalogue that stands in at least one list. */
  coverage: changeSchema,
  /** Share of the lists whose products or order change. */
  changedShare: z.number(),
  /** Share of the lists with fewer products than they are to have. */
  shortShare: z.object({ live: z.number(), draft: z.number() }),
});
export type PlacementEffect = z.infer<typeof placementEffectSchema>;

/** The n of a placement's HR@n and MRR@n. */
export function cutoffOf({ count }: Pick<PlacementEffect, 'count'>): number {
  return Math.max(count.live, count.draft);
}

export const rulesEffectSchema = z.object({
  /** The run whose model was asked. */
  runId: z.string(),
  /** The live rules that were compared with; null: none were. */
  liveRules: z.string().nullable(),
  /** Rules are those in force then: ISO 8601, UTC. */
  at: z.string(),
  /** What was asked, as by the run's backtest, where it was not the next view; absent otherwise. */
  question: z.enum(['purchase']).optional(),
  placements: z.array(z.preprocess(withCount, placementEffectSchema)),
});

export type RulesEffect = z.infer<typeof rulesEffectSchema>;

/** What a shopper is shown. */
export interface ShownLists {
  /** Products that a list is to have. */
  count: number;
  /** Products by number, best first, at most `count`, after these views. */
  answer: (viewed: readonly string[]) => readonly number[];
}

/** Columns of a session's row: HR and MRR of the draft, of what is live, and draft − live. */
const COLUMNS = 6;

/**
 * Asks both the sessions' questions.
 *
 * @param productCount of the answers' numbers; `numberOf` gives them.
 */
export function measureRules(
  sessions: readonly AskedSession[],
  { live, draft }: { live: ShownLists; draft: ShownLists },
  numberOf: Pick<ReadonlyMap<string, number>, 'get' | 'size'>,
  seed: number,
): Omit<PlacementEffect, 'placement' | 'isLive'> {
  const count = { live: live.count, draft: draft.count };
  const cutoff = cutoffOf({ count });
  const numerators = new Float64Array(sessions.length * COLUMNS);
  const denominators = new Float64Array(sessions.length * COLUMNS);
  const groupsOf = { live: new Uint16Array(numberOf.size), draft: new Uint16Array(numberOf.size) };
  let questions = 0;
  let changed = 0;
  const short = { live: 0, draft: 0 };
  sessions.forEach(({ products, isAsked }, s) => {
    for (const [n, { viewed, target }] of [...questionsOf(products)].entries()) {
      if (!isAsked[n]) continue;
      questions++;
      const lists = { live: live.answer(viewed), draft: draft.answer(viewed) };
      if (lists.live.join() !== lists.draft.join()) changed++;
      const gains = (list: readonly number[]) => {
        const place = 1 + list.indexOf(numberOf.get(target) ?? -1);
        const found = place === 0 ? undefined : place;
        return [hit(found, cutoff), reciprocalRank(found, cutoff)];
      };
      const [ours, theirs] = [gains(lists.draft), gains(lists.live)];
      [...ours, ...theirs, ...ours.map((gain, g) => gain - theirs[g])].forEach((gain, column) => {
        numerators[s * COLUMNS + column] += gain;
        denominators[s * COLUMNS + column]++;
      });
      if (lists.live.length < live.count) short.live++;
      if (lists.draft.length < draft.count) short.draft++;
      for (const arm of ['live', 'draft'] as const) {
        for (const product of lists[arm]) groupsOf[arm][product] |= 1 << (s % COVERAGE_GROUPS);
      }
    }
  });
  const estimates = bootstrapRatios(numerators, denominators, COLUMNS, seed);
  const change = (column: number): Change => ({
    draft: estimates[column],
    live: estimates[column + 2],
    difference: estimates[column + 4],
  });
  const share = (count: number) => (questions === 0 ? 0 : count / questions);
  return {
    sessions: sessions.length,
    questions,
    count,
    HR: change(0),
    MRR: change(1),
    coverage: coverageChange(groupsOf),
    changedShare: share(changed),
    shortShare: { live: share(short.live), draft: share(short.draft) },
  };
}

function coverageChange({ live, draft }: { live: Uint16Array; draft: Uint16Array }): Change {
  const difference: Estimate = coverageDifference(draft, live);
  return { live: catalogueCoverage(live), draft: catalogueCoverage(draft), difference };
}

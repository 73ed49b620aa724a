import { seededRandom } from '../numeric/random.ts';
import { rank, scorerOf } from '../ranking/rank.ts';
import type { Scorer } from '../ranking/scorer.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import type { HeldOut } from './backtest.ts';
import { compare, judgedGains, summarise } from './evaluate.ts';
import type { AskedSessions } from './question.ts';
import type { LiveComparison } from './run-evaluation.ts';
import { LIST_LENGTH, tallyPositions } from './tally.ts';

/** With fewer the interval would be too wide to refuse anything. */
export const FEWEST_NEW_SESSIONS = 50;

/**
 * @param strategy ours. @param live the live run's index. @param firstUnseen among the held-out sessions, the first that
 * began after the live model's last one.
 * @returns null when too few held-out sessions are new to the live model.
 */
export function compareWithLive(
  { index, later }: HeldOut,
  strategy: Strategy,
  live: { runId: string; index: ServingIndex },
  firstUnseen: number,
  seed: number,
): LiveComparison | null {
  const sessions = later.offsets.length - 1 - firstUnseen;
  if (sessions < FEWEST_NEW_SESSIONS) return null;
  const all = sessionsFrom(later, firstUnseen);
  const unseen = knownTo(live.index, index, all);
  const ours = tallyPositions(index, scorerOf(strategy), unseen, seededRandom(seed));
  const theirs = tallyPositions(index, answersOf(live.index, index), unseen, seededRandom(seed));
  return {
    runId: live.runId,
    sessions,
    positions: ours.positions.asServed,
    difference: compare(ours, theirs, seed),
    familiarShare: unseen.views.length / Math.max(1, all.views.length),
    theirs: judgedGains(summarise(theirs, seed)),
  };
}

/** Views of products that the live model knows: it cannot name another, and that is no fault of its. */
function knownTo(live: ServingIndex, { productIds }: ServingIndex, sessions: AskedSessions): AskedSessions {
  const isKnown = productIds.map((id) => live.numberOf.has(id));
  const { offsets, views, isAsked } = sessions;
  const kept = new Uint32Array(offsets.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    const products = views.subarray(offsets[session], offsets[session + 1]);
    kept[session + 1] = kept[session] + products.filter((product) => isKnown[product]).length;
  }
  return {
    offsets: kept,
    views: views.filter((product) => isKnown[product]),
    isAsked: isAsked?.filter((_, i) => isKnown[views[i]]),
  };
}

/** The first session, by start time, that began after `time`; their number when none did. */
export function firstSessionAfter(startTimesMs: Float64Array, timeMs: number): number {
  const first = startTimesMs.findIndex((startMs) => startMs > timeMs);
  return first === -1 ? startTimesMs.length : first;
}

/** Another index as a scorer over our product numbers: its list, the first the highest. */
function answersOf(theirs: ServingIndex, ours: ServingIndex): Scorer {
  return (_, { viewed, random }, board) => {
    const count = LIST_LENGTH + new Set(viewed).size;
    const theirViewed = viewed.map((product) => theirs.numberOf.get(ours.productIds[product]));
    const list = rank(theirs, {
      viewed: theirViewed.filter((product) => product !== undefined),
      count,
      strategy: theirs.defaultStrategy,
      excluded: new Set(),
      excludeViewed: false,
      random,
    });
    list.forEach(({ product }, place) => {
      const ourProduct = ours.numberOf.get(theirs.productIds[product]);
      if (ourProduct !== undefined) board.add(ourProduct, count - place);
    });
  };
}

function sessionsFrom({ offsets, views, isAsked }: AskedSessions, first: number): AskedSessions {
  return {
    offsets: offsets.slice(first).map((offset) => offset - offsets[first]),
    views: views.subarray(offsets[first]),
    isAsked: isAsked?.subarray(offsets[first]),
  };
}

import { type Corpus, type Sessions, sliceSessions } from '../clicks/corpus.ts';
import { firstSessionAfter } from './compare-with-live.ts';
import type { Period } from './period.ts';

/** Those of a run's sessions that tell whether its input is of the kind of the live model's. */
export interface ComparedSessions {
  /** All but those that are older than its first one: it knows nothing of that time. */
  shared: Sessions;
  /** Those that began after its last one; undefined where there are no times to tell by. */
  unseen: Sessions | undefined;
}

/** @param period of the live model's sessions; null when it is not known. */
export function comparedSessions(corpus: Corpus, period: Period | null): ComparedSessions {
  const { startTimesMs, sessionIds } = corpus;
  if (startTimesMs === undefined || period === null) return { shared: corpus, unseen: undefined };
  const from = (first: number) => (first === 0 ? corpus : sliceSessions(corpus, first, sessionIds.length));
  const firstShared = firstSessionAfter(startTimesMs, Date.parse(period.from) - 1);
  return {
    // Where all are older, how old they are is what another check finds.
    shared: firstShared === sessionIds.length ? corpus : from(firstShared),
    unseen: from(firstSessionAfter(startTimesMs, Date.parse(period.to))),
  };
}

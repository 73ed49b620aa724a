import { offsetsOf } from '../numeric/grouping.ts';
import { collapseRepeats, pickSessions, type Sequences, type Sessions } from './corpus.ts';
import { heaviestHeard } from './event-weights.ts';

/** What one session can add to a product: three visits, and to each a repeat of the view at once. */
const VISITS = 3;
const VIEWS_OF_A_VISIT = 2;

/**
 * One session, one voice: which views are counted in popularity and pairs and trained on. Of a session, three visits to the same
 * product are, and of each visit the first view and one immediate repeat. On the e-shop file it leaves out 1 view of 100.
 * Where events have weights, those are the heaviest visits and the heaviest repeat, the earlier of equals.
 *
 * @returns (viewCount) 1 for a view that counts.
 */
export function heardViews(sessions: Sessions, productCount: number): Uint8Array {
  if (sessions.weights !== undefined) return heaviestHeard({ ...sessions, weights: sessions.weights }, VISITS);
  const { offsets, views } = sessions;
  const isHeard = new Uint8Array(views.length);
  const visits = new Uint32Array(productCount);
  for (let session = 0; session + 1 < offsets.length; session++) {
    let viewsOfVisit = 0;
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      const product = views[i];
      const isRepeat = i > offsets[session] && product === views[i - 1];
      viewsOfVisit = isRepeat ? viewsOfVisit + 1 : 1;
      if (!isRepeat) visits[product]++;
      if (visits[product] <= VISITS && viewsOfVisit <= VIEWS_OF_A_VISIT) isHeard[i] = 1;
    }
    for (let i = offsets[session]; i < offsets[session + 1]; i++) visits[views[i]] = 0;
  }
  return isHeard;
}

/**
 * @returns (productCount) how popular each product is: its visits, of a session at most three. Where events have weights, a visit
 * counts as much as its heaviest event; the sum is rounded, and at least 1 for a product that was viewed.
 */
export function countVisits(sessions: Sessions, productCount: number): Uint32Array {
  const { offsets, views, weights } = sessions;
  if (weights === undefined) return countUnweighted(sessions, productCount);
  const isHeard = heardViews(sessions, productCount);
  const counts = new Float64Array(productCount);
  for (let session = 0; session + 1 < offsets.length; session++) {
    let visitWeight = 0;
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      const isRepeat = i > offsets[session] && views[i] === views[i - 1];
      if (!isRepeat) visitWeight = 0;
      if (isHeard[i] === 0) continue;
      if (weights[i] <= visitWeight) continue;
      counts[views[i]] += weights[i] - visitWeight;
      visitWeight = weights[i];
    }
  }
  return Uint32Array.from(counts, (count) => (count === 0 ? 0 : Math.max(1, Math.round(count))));
}

/** The visits of the views that are heard, in one pass: it does not matter here which of them are. */
function countUnweighted({ offsets, views }: Sessions, productCount: number): Uint32Array {
  const counts = new Uint32Array(productCount);
  const visits = new Uint8Array(productCount);
  for (let session = 0; session + 1 < offsets.length; session++) {
    const [start, end] = [offsets[session], offsets[session + 1]];
    for (let i = start; i < end; i++) {
      const product = views[i];
      if ((i > start && product === views[i - 1]) || visits[product] === VISITS) continue;
      visits[product]++;
      counts[product]++;
    }
    for (let i = start; i < end; i++) visits[views[i]] = 0;
  }
  return counts;
}

/** A heavier session is repeated no more often than this: one session, one voice. */
const MOST_REPEATS = 10;

/**
 * The sessions as Word2Vec's sentences: the views that are heard, without immediate repeats.
 *
 * Weights of events enter by repetition: a session is a sentence as many times as its heaviest event weighs in units of the
 * lightest of all, rounded, at most 10 times, so that what was bought and what led to it is learned more often. Grbovic and
 * Cheng (KDD 2018) repeat sessions that end in a booking in the same way. To sample the lighter events away instead would
 * throw most of a shop's data away, since purchases are a few rows in a hundred. The repetitions come after all sessions, so
 * that no sentence follows itself at once.
 */
export function heardSentences(sessions: Sessions, productCount: number): Sequences {
  const { offsets, views, weights } = sessions;
  const isHeard = heardViews(sessions, productCount);
  const heard = new Uint32Array(views.length);
  const newOffsets = new Uint32Array(offsets.length);
  let end = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let i = offsets[session]; i < offsets[session + 1]; i++) if (isHeard[i] === 1) heard[end++] = views[i];
    newOffsets[session + 1] = end;
  }
  const sentences = collapseRepeats({ offsets: newOffsets, views: heard.subarray(0, end) });
  if (weights === undefined) return sentences;
  const repeats = sessionRepeats({ offsets, weights });
  const order = Array.from(repeats, (_, session) => session);
  for (let round = 2; round <= MOST_REPEATS; round++) {
    repeats.forEach((times, session) => {
      if (times >= round) order.push(session);
    });
  }
  return pickSessions(sentences, order);
}

/** (sessionCount) how often each session is a sentence. */
function sessionRepeats({ offsets, weights }: { offsets: Uint32Array; weights: Float32Array }): Uint8Array {
  const lightest = weights.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY);
  const repeats = new Uint8Array(offsets.length - 1);
  for (let session = 0; session < repeats.length; session++) {
    let heaviest = lightest;
    for (let i = offsets[session]; i < offsets[session + 1]; i++) heaviest = Math.max(heaviest, weights[i]);
    repeats[session] = Math.min(MOST_REPEATS, Math.round(heaviest / lightest));
  }
  return repeats;
}

/**
 * The views that a training goes through, session by session: what its time is estimated by.
 *
 * @returns (sessionCount + 1) as `offsets`, each session as long as its repetitions are together.
 */
export function trainedOffsets({ offsets, weights }: Pick<Sessions, 'offsets' | 'weights'>): Uint32Array {
  if (weights === undefined) return offsets;
  const repeats = sessionRepeats({ offsets, weights });
  return offsetsOf(Array.from(repeats, (times, session) => times * (offsets[session + 1] - offsets[session])));
}

import { collapseRepeats, type Sessions } from './corpus.ts';

/** What one session can add to a product: three visits, and to each a repeat of the view at once. */
const VISITS = 3;
const VIEWS_OF_A_VISIT = 2;

/**
 * One session, one voice: which views are counted in popularity and pairs and trained on. Of a session, three visits to the same
 * product are, and of each visit the first view and one immediate repeat. On the e-shop file it leaves out 1 view of 100.
 *
 * @returns (viewCount) 1 for a view that counts.
 */
export function heardViews({ offsets, views }: Sessions, productCount: number): Uint8Array {
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

/** @returns (productCount) how popular each product is: its visits, of a session at most three. */
export function countVisits(sessions: Sessions, productCount: number): Uint32Array {
  const { offsets, views } = sessions;
  const isHeard = heardViews(sessions, productCount);
  const counts = new Uint32Array(productCount);
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      const isRepeat = i > offsets[session] && views[i] === views[i - 1];
      if (!isRepeat) counts[views[i]] += isHeard[i];
    }
  }
  return counts;
}

/** The sessions as Word2Vec's sentences: the views that are heard, without immediate repeats. */
export function heardSentences(sessions: Sessions, productCount: number): Sessions {
  const { offsets, views } = sessions;
  const isHeard = heardViews(sessions, productCount);
  const heard = new Uint32Array(views.length);
  const newOffsets = new Uint32Array(offsets.length);
  let end = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let i = offsets[session]; i < offsets[session + 1]; i++) if (isHeard[i] === 1) heard[end++] = views[i];
    newOffsets[session + 1] = end;
  }
  return collapseRepeats({ offsets: newOffsets, views: heard.subarray(0, end) });
}

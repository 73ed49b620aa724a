import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { KIND_NUMBER } from '../clicks/event-kinds.ts';

/** What a model is measured by: what is viewed next, or which products a session goes on to buy. */
export type Question = TrainingSettings['question'];

export const DEFAULT_QUESTION: Question = 'view';

/** Sessions to ask a model about. */
export interface AskedSessions extends Sessions {
  /** (viewCount) 1 where the view is one to be foretold from those before it; undefined: every one is. */
  isAsked?: Uint8Array | undefined;
}

/**
 * Which views are foretold. `view`: those that are neither a cart nor a purchase, or every one where no event is a view.
 * `purchase`: the first view of each product that the session buys, then or later, so that the question is whether the product
 * would have stood in the list before the shopper found it.
 *
 * @returns (viewCount) undefined when every view is.
 */
export function askedViews(sessions: Sessions, question: Question): Uint8Array | undefined {
  return question === 'view' ? viewsAlone(sessions) : firstViewsOfBought(sessions);
}

function viewsAlone({ kinds }: Sessions): Uint8Array | undefined {
  return kinds?.some((kind) => kind === KIND_NUMBER.view)
    ? kinds.map((kind) => Number(kind === KIND_NUMBER.view))
    : undefined;
}

function firstViewsOfBought({ offsets, views, kinds }: Sessions): Uint8Array {
  const isAsked = new Uint8Array(views.length);
  if (kinds === undefined) return isAsked;
  for (let session = 0; session + 1 < offsets.length; session++) {
    const firstViewOf = new Map<number, number>();
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      if (!firstViewOf.has(views[i])) firstViewOf.set(views[i], i);
      if (kinds[i] === KIND_NUMBER.purchase) isAsked[firstViewOf.get(views[i])!] = 1;
    }
  }
  return isAsked;
}

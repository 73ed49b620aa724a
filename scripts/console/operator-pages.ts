import type { AnswerPage } from '../lib/serve-api.ts';
import { artifactDownloads } from './artifact-downloads.ts';
import { type OperatorPlace, operatorActions } from './operator-actions.ts';
import { hasOwnHost, NOT_ALLOWED, sendJson } from './same-origin.ts';

/** What the console asks of the process that serves it, and not of the API: all below `/console/`, but the runs' APIs. */
export function operatorPages(place: OperatorPlace, nowMs: () => number): AnswerPage {
  const act = operatorActions(place, nowMs);
  const download = artifactDownloads(place.store);
  return (incoming, outgoing) => {
    if (!/^\/console\//.test(incoming.url ?? '')) return false;
    if (!hasOwnHost(incoming)) {
      sendJson(outgoing, 403, {
        title: NOT_ALLOWED,
        detail: 'Only the page that this server sent may ask this: open it by its own address.',
      });
      return true;
    }
    return act(incoming, outgoing) || download(incoming, outgoing);
  };
}

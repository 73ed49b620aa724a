import type { IncomingMessage } from 'node:http';
import type { AnswerPage } from '../lib/serve-api.ts';
import { artifactDownloads } from './artifact-downloads.ts';
import { type OperatorPlace, operatorActions } from './operator-actions.ts';
import { hasOwnHost, isOfThisServer, NOT_ALLOWED, sendJson } from './same-origin.ts';

/** What the console asks of the process that serves it, and not of the API: all below `/console/`, but the runs' APIs. */
export function operatorPages(place: OperatorPlace, nowMs: () => number): AnswerPage {
  const act = operatorActions(place, nowMs);
  const download = artifactDownloads(place.store);
  return (incoming, outgoing, path) => {
    if (!path.startsWith('/console/')) return false;
    if (!mayAsk(incoming)) {
      sendJson(outgoing, 403, {
        title: NOT_ALLOWED,
        detail: 'Only the page that this server sent may ask this: open it by its own address.',
      });
      return true;
    }
    return act(incoming, outgoing, path) || download(incoming, outgoing, path);
  };
}

/** A browser names the origin of each POST; what names none is no page. */
function mayAsk(incoming: IncomingMessage): boolean {
  const isOfPage = incoming.method === 'POST' && incoming.headers.origin !== undefined;
  return isOfPage ? isOfThisServer(incoming) : hasOwnHost(incoming);
}

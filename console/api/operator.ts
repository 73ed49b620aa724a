import { request } from './request.ts';

/** What the server beside the page may do for the person at the screen. */
export interface OperatorSession {
  /** `workspace .alike`, `stage prod` */
  place: string;
  mayPromote: boolean;
}

/** @throws ApiProblem, of status 404 where the page is served by something that has no such rights. */
export function readSession(signal?: AbortSignal): Promise<OperatorSession> {
  return request('/console/session', { signal });
}

/** @param liveRunId what the page showed as live: refused when that changed meanwhile. @throws ApiProblem */
export function promote(runId: string, liveRunId: string | null) {
  return request<{ runId: string; before: string | null }>('/console/promote', {
    method: 'POST',
    body: { runId, liveRunId },
  });
}

/** @throws ApiProblem */
export function rollBack(liveRunId: string | null) {
  return request<{ runId: string; before: string | null }>('/console/rollback', {
    method: 'POST',
    body: { liveRunId },
  });
}

import { request } from './request.ts';

/** What the server beside the page may do for the person at the screen. */
export interface OperatorSession {
  /** `workspace .alike`, `stage prod` */
  place: string;
  mayPromote: boolean;
}

/** @returns undefined where the page is served by something that has no such rights. */
export async function readSession(signal?: AbortSignal): Promise<OperatorSession | undefined> {
  try {
    return await request<OperatorSession>('/console/session', { signal });
  } catch {
    return undefined;
  }
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

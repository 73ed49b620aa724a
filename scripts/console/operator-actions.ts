import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { AlikeError, ConflictError, InputError, messageOf } from '../../engine/errors.ts';
import { PROBLEMS } from '../../lambdas/shared/http/problem.ts';
import { inspectCurrent } from '../../lambdas/shared/runs/current.ts';
import { promoteRunFrom, rollBackFrom } from '../../lambdas/shared/runs/promotion.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import type { AnswerPage } from '../lib/serve-api.ts';
import { isOfThisServer, NOT_ALLOWED, sendJson } from './same-origin.ts';

/** What the page is told about where it works. */
export interface OperatorPlace {
  /** For a person: `workspace .alike`, `stage prod`. */
  name: string;
  store: ArtifactStore;
}

const MAX_BODY_BYTES = 4_096;
const actionSchema = z.strictObject({
  /** Absent for a rollback. */
  runId: z.string().min(1).optional(),
  /** What the page showed as live when the person decided. */
  liveRunId: z.string().min(1).nullable(),
});

/**
 * What writes. It is no part of the public API: this process does it, on this machine, with the rights of whoever
 * started it. `GET /console/session` says that it can; a console that is hosted elsewhere gets no such answer.
 */
export function operatorActions({ name, store }: OperatorPlace, nowMs: () => number): AnswerPage {
  return (incoming, outgoing, path) => {
    const { method } = incoming;
    if (method === 'GET' && path === '/console/session') {
      sendJson(outgoing, 200, { place: name, mayPromote: true });
      return true;
    }
    if (method !== 'POST' || (path !== '/console/promote' && path !== '/console/rollback')) return false;
    if (!isOfThisServer(incoming)) {
      sendJson(outgoing, 403, { title: NOT_ALLOWED, detail: 'Only the page that this server sent may do this.' });
      return true;
    }
    act(incoming, store, path === '/console/rollback', new Date(nowMs()).toISOString()).then(
      (answer) => sendJson(outgoing, 200, answer),
      (error) => {
        const { status, title } = PROBLEM_OF_ERROR[nameOf(error)] ?? PROBLEMS['internal-error'];
        sendJson(outgoing, status, { title, detail: messageOf(error) });
      },
    );
    return true;
  };
}

const PROBLEM_OF_ERROR: Readonly<Record<string, { status: number; title: string }>> = {
  InputError: PROBLEMS['invalid-request'],
  NotFoundError: PROBLEMS['not-found'],
  ConflictError: { status: 409, title: 'What is live has changed' },
};

async function act(incoming: IncomingMessage, store: ArtifactStore, isRollback: boolean, publishedAt: string) {
  const asked = actionSchema.safeParse(await readBody(incoming));
  if (!asked.success || (asked.data.runId === undefined) !== isRollback) {
    throw new InputError('The body must be {"runId": …, "liveRunId": …}; of a rollback, {"liveRunId": …}.');
  }
  const { runId, liveRunId } = asked.data;
  const current = await inspectCurrent(store);
  if (current?.fault !== undefined) throw current.fault;
  const live = current?.pointer?.runId ?? null;
  if (live !== liveRunId) {
    throw new ConflictError(`Meanwhile ${live ?? 'no run'} is live. Look again before you decide.`);
  }
  if (runId === undefined) return { runId: await rollBackFrom(store, publishedAt, current), before: live };
  return { runId, before: await promoteRunFrom(store, runId, publishedAt, current) };
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of incoming) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) throw new InputError(`The body is longer than ${MAX_BODY_BYTES} bytes.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('The body is not JSON.');
  }
}

function nameOf(error: unknown): string {
  return error instanceof AlikeError ? error.name : '';
}

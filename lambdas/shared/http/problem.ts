import * as z from 'zod';
import { AlikeError, messageOf } from '../../../engine/errors.ts';

const violation = z.object({
  in: z.enum(['path', 'query', 'body']),
  field: z.string(),
  found: z.string(),
  allowed: z.string(),
  nearest: z.string().optional().describe('the known name that an unknown one is nearest to'),
});
/** A field of the request that is not as it must be. */
export type Violation = z.infer<typeof violation>;

/** Problem details for HTTP APIs, RFC 9457, with `errors` as its section 3 shows it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('the id of the request, for the logs'),
    errors: z.array(violation).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' });
type Problem = z.infer<typeof problemSchema>;

interface ProblemKind {
  status: number;
  title: string;
  /** What a caller reads in place of the error's own message, which stays in the logs. Every 5xx has one. */
  publicDetail?: string;
  retryAfterSeconds?: number;
}

export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The route does not have this method' },
  'no-catalogue': { status: 409, title: 'No catalogue is live' },
  'content-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not sent as JSON' },
  'internal-error': {
    status: 500,
    title: 'The server failed',
    publicDetail: 'The request could not be answered; the logs say why under this request id.',
  },
  'no-model': {
    status: 503,
    title: 'No model is live',
    publicDetail: 'No model was published yet, or none can be read: train one, then try again.',
    retryAfterSeconds: 30,
  },
} as const satisfies Record<string, ProblemKind>;
export type ProblemName = keyof typeof PROBLEMS;

/** The one table from error to problem, by the error's `name`. What is not in it is an internal error. */
const PROBLEM_OF_ERROR: Readonly<Record<string, ProblemName>> = {
  InputError: 'invalid-request',
  NotFoundError: 'not-found',
  NoModelError: 'no-model',
  ArtifactError: 'no-model',
  UnavailableError: 'no-model',
};

/** The caller's request cannot be met, and `problem` says in which way. */
export class RequestError extends AlikeError {
  override readonly name = 'RequestError';
  readonly problem: ProblemName;
  readonly violations: readonly Violation[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemName,
    message: string,
    extra: { violations?: readonly Violation[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.problem = problem;
    this.violations = extra.violations;
    this.headers = extra.headers ?? {};
  }
}

/** Longest text that a caller's own input may make an answer carry. */
const MAX_DETAIL_CHARACTERS = 600;

export function problemOf(error: unknown, requestId: string): { problem: Problem; headers: Record<string, string> } {
  const isRequestError = error instanceof RequestError;
  const name = isRequestError ? error.problem : (PROBLEM_OF_ERROR[nameOf(error)] ?? 'internal-error');
  const kind: ProblemKind = PROBLEMS[name];
  return {
    problem: {
      type: `urn:problem-type:alike:${name}`,
      title: kind.title,
      status: kind.status,
      detail: kind.publicDetail ?? truncate(messageOf(error), MAX_DETAIL_CHARACTERS),
      instance: requestId,
      ...(isRequestError && error.violations !== undefined && { errors: [...error.violations] }),
    },
    headers: {
      ...(isRequestError && error.headers),
      ...(kind.retryAfterSeconds !== undefined && { 'retry-after': String(kind.retryAfterSeconds) }),
    },
  };
}

function truncate(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}…`;
}

/** A caller's text, quoted and short enough to stand in an answer. */
export function quote(text: string): string {
  return JSON.stringify(truncate(text, 80));
}

function nameOf(error: unknown): string {
  return error instanceof AlikeError ? error.name : '';
}

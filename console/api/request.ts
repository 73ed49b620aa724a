import { hosting, token } from './hosting.ts';

/** Why a call has no answer, in words for a person. */
export class ApiProblem extends Error {
  /** Undefined when there was no answer at all. */
  readonly status: number | undefined;
  readonly title: string;

  constructor(status: number | undefined, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

export interface RequestOptions {
  method?: 'GET' | 'POST';
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** @throws ApiProblem. @throws DOMException `AbortError` when the signal says so. */
export async function request<T>(path: string, { method = 'GET', body, signal }: RequestOptions = {}): Promise<T> {
  const response = await send(path, { method, body, signal });
  if (response.status === 401 && hosting !== undefined) await signInAgain();
  const answer = await readJson(response);
  if (response.ok) return answer as T;
  const { title, detail } = (answer ?? {}) as { title?: string; detail?: string };
  throw new ApiProblem(
    response.status,
    title ?? `The server answered with ${response.status}`,
    detail ?? 'It did not say why.',
  );
}

async function send(path: string, { method, body, signal }: RequestOptions): Promise<Response> {
  const hasBody = body !== undefined;
  try {
    return await fetch(path, {
      method: method ?? 'GET',
      // What went live a moment ago must show: an answer that the browser keeps is asked for again, by its ETag.
      cache: 'no-cache',
      headers: {
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(token.value !== undefined && { authorization: `Bearer ${token.value}` }),
      },
      ...(hasBody && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiProblem(undefined, 'The server cannot be reached', 'Is it still running? Then try again.');
  }
}

/** Where the token has expired, the page comes back to where it is; else the refusal is told. */
async function signInAgain(): Promise<void> {
  const { forgetToken } = await import('./sign-in.ts');
  if (!forgetToken()) return;
  location.reload();
  await new Promise(() => {});
}

/** @returns undefined for an answer that is no JSON, such as a proxy's page of its own. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return undefined;
    throw new ApiProblem(
      response.status,
      'The answer is not JSON',
      'Something between this page and the API changed it.',
    );
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

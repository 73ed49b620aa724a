import type { Api, Arrival, CommonServices } from './api.ts';
import type { Respond } from './json-response.ts';

/** What is asked, by whichever way it came in. */
export interface Asked<Services> extends Omit<Arrival<Services>, 'respond'> {
  /** Without its question mark. */
  query: string;
  /** @param name in small letters. */
  header(name: string): string | undefined;
}

/** What is answered, for any way out. */
export interface PlainAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** What stands in for a `Response`: as much of it as Hono looks at, and the text. */
interface StandIn {
  status: number;
  headers: Record<string, string>;
  text: string | null;
}

const standIn: Respond = (status, headers, text) =>
  ({ status, headers, text }) satisfies StandIn as unknown as Response;

/**
 * Asks an API without a `Request` and a `Response`, which would put text into a stream and take it out again, in and
 * out: with both a request of the Lambda took 20 µs longer, and one of `serve` a third. So both are stood in for: the
 * app sees the method, the query and the headers of a request, and the rest goes beside it.
 */
export async function askApi<Services extends CommonServices>(
  api: Pick<Api<Services>, 'fetch'>,
  { query, header, ...arrival }: Asked<Services>,
): Promise<PlainAnswer> {
  const request = {
    method: arrival.method,
    // Hono looks at the query alone: the API takes its path from the arrival.
    url: `https://localhost/?${query}`,
    headers: { get: (name: string) => header(name.toLowerCase()) ?? null },
  };
  return plainAnswer(await api.fetch(request as unknown as Request, { ...arrival, respond: standIn }));
}

/** Of HEAD, and of a preflight request, Hono makes a real `Response`. */
export async function plainAnswer(answer: Response): Promise<PlainAnswer> {
  const { status, headers, text } = answer as Response | (StandIn & { body?: never });
  // Told apart by its method: to name `Response` alone loads Node's whole fetch, 25 ms of a cold start.
  if (typeof text !== 'function') return { status, headers: headers as StandIn['headers'], text: text ?? '' };
  return { status, headers: Object.fromEntries(headers as Headers), text: await answer.text() };
}

/** Nothing is cached unless its route says so. The rest is what OWASP's REST security cheat sheet asks of a JSON API. */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Makes what the way out sends: a `Response`, or what stands in for one. */
export type Respond = (status: number, headers: Record<string, string>, text: string | null) => Response;

export function jsonResponse(
  respond: Respond,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return respond(status, { ...COMMON_HEADERS, 'content-type': 'application/json', ...headers }, JSON.stringify(body));
}

export function emptyResponse(respond: Respond, status: number, headers: Record<string, string>): Response {
  return respond(status, { ...COMMON_HEADERS, ...headers }, null);
}

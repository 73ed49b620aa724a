/**
 * Nothing is cached: every answer has its own `recommendationId`, and a publish or a rollback must show at once.
 * The rest is what OWASP's REST security cheat sheet asks of a JSON API.
 */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const texts = new WeakMap<Response, string>();

export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify(body);
  const response = new Response(text, {
    status,
    headers: { ...COMMON_HEADERS, 'content-type': 'application/json', ...headers },
  });
  texts.set(response, text);
  return response;
}

export function emptyResponse(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers: { ...COMMON_HEADERS, ...headers } });
}

/** The body. Where it is known it is not read back out of its stream, which takes as long as making it. */
export async function textOf(response: Response): Promise<string> {
  return texts.get(response) ?? (await response.text());
}

import { AlikeError, messageOf } from '../../engine/errors.ts';
import { fetchSigned } from '../lib/signed-fetch.ts';

/** The API's answer, as far as it is shown. Its sources are an open list. */
export interface Recommendations {
  productId: string;
  strategy: string;
  modelVersion: string;
  items: { productId: string; rank: number; score: number; source: string }[];
}

/** What is left out is the API's to decide. */
export interface Question {
  productId: string;
  count?: number | undefined;
  strategy?: string | undefined;
  seed?: number | undefined;
}

/** The API cannot be reached, or refused. */
export class ApiError extends AlikeError {
  override readonly name = 'ApiError';
}

const TIMEOUT_SECONDS = 30;
const UNAUTHORIZED = 401;
const MAX_SHOWN_CHARACTERS = 300;

/**
 * @param apiUrl with or without a trailing slash. @param token of the bearer, where the API asks for one.
 * @throws ApiError
 */
export async function askForRecommendations(
  apiUrl: string,
  question: Question,
  token?: string,
): Promise<Recommendations> {
  const url = recommendationsUrl(apiUrl, question);
  const { status, ok, text } = await get(url, token);
  if (status === UNAUTHORIZED) {
    throw new ApiError(
      `${url} answered 401: it asks for a token of its issuer${token === undefined ? '; give --token' : ', and refused this one; it may have expired, or be for another audience'}.`,
    );
  }
  const body = parseJson(text);
  if (!ok) throw new ApiError(`${url} answered ${status}: ${explain(body) ?? shorten(text)}`);
  if (!isRecommendations(body)) {
    throw new ApiError(`${url} did not answer as Alike does; check --url. Found: ${shorten(text)}`);
  }
  return body;
}

function recommendationsUrl(apiUrl: string, { productId, ...query }: Question): string {
  // A URL has no place for a part that is "." or "..": it would be a step between folders.
  const encoded = /^\.\.?$/.test(productId) ? productId.replaceAll('.', '%2E') : encodeURIComponent(productId);
  // API Gateway decodes a path once too often for these; the API undoes it: see lambdas/recommend/product-lookup.ts.
  const segment = /[?%]|^\.\.?$/.test(productId) ? encodeURIComponent(encoded) : encoded;
  const url = new URL(`${apiUrl.replace(/\/+$/, '')}/v1/products/${segment}/recommendations`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function get(url: string, token: string | undefined): Promise<{ status: number; ok: boolean; text: string }> {
  try {
    const response = await fetchSigned(url, {
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    return { status: response.status, ok: response.ok, text: await response.text() };
  } catch (error) {
    if (error instanceof AlikeError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new ApiError(`Cannot reach ${url}: ${messageOf(cause)}. Check --url and that the API is up.`, {
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Problem details (RFC 9457) from Alike, or API Gateway's own `{message}`. */
function explain(body: unknown): string | undefined {
  const { title, detail, message } = (body ?? {}) as { title?: string; detail?: string; message?: string };
  return title === undefined ? message : `${title}. ${detail ?? ''}`.trimEnd();
}

function isRecommendations(body: unknown): body is Recommendations {
  return Array.isArray((body as Partial<Recommendations> | undefined)?.items);
}

function shorten(text: string): string {
  return JSON.stringify(text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`);
}

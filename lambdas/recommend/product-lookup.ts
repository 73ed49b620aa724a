import { NotFoundError } from '../../engine/errors.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { quote, RequestError } from '../shared/http/problem.ts';
import type { LiveData } from './live-data.ts';
import type { LiveModel } from './model-cache.ts';

/**
 * Finds the product that a path names, although API Gateway does not deliver the path as it was sent.
 *
 * An HTTP API decodes `rawPath` and `pathParameters` before Lambda sees them. Captured on AWS, July 2026
 * (github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json; likewise fastify/aws-lambda-fastify#169,
 * honojs/hono#2156):
 *
 *     sent        delivered
 *     a%20b       a b
 *     a%2Fb       a/b            so a product id may hold slashes, and routes are matched with `{productId+}`
 *     a%252Fb     a/b            decoded twice
 *     a%3Fb       a              cut at the question mark: nothing can bring it back
 *     a%253Fb     a?b
 *     a%25b       –              refused with 400 by the gateway itself
 *     a%2525b     a%b
 *
 * Function URLs and REST APIs deliver the path as it was sent; emulators and `scripts/lib/serve-api.ts` decode it
 * once. So the text is read as it stands first, then decoded once, then twice, and the first reading that the model
 * knows is the product. A caller who encodes an id once is understood everywhere unless it holds `?` or `%`; who
 * encodes it twice is understood everywhere, unless one product id is the encoded form of another (`a/b`, `a%2Fb`).
 * `POST /v1/recommendations` takes ids in its body, where none of this matters, and where they may be longer than the
 * 10,240 bytes that the gateway allows a request line and its headers.
 *
 * @param numberOf the model's products by their ids, or the rows of a catalogue. @returns undefined when it is none of them.
 */
export function findProduct(numberOf: Pick<ReadonlyMap<string, number>, 'get'>, pathText: string): number | undefined {
  let reading: string | undefined = pathText;
  for (let decodings = 0; decodings <= 2 && reading !== undefined; decodings++) {
    const product = numberOf.get(reading);
    if (product !== undefined) return product;
    reading = decode(reading);
  }
  return undefined;
}

/** undefined when there is nothing to decode, or it cannot be. */
function decode(text: string): string | undefined {
  if (!text.includes('%')) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The numbers of those that the model knows. */
export function numbersOf({ numberOf }: ServingIndex, productIds: readonly string[]): number[] {
  return productIds.flatMap((id) => numberOf.get(id) ?? []);
}

/**
 * Reads lists of ids in a query, `A,B`: since an id may hold commas, a text that is itself an id stands for that
 * product, and any other is cut at its commas.
 *
 * @throws RequestError 400 for more than `most` ids, known or not.
 */
export function readIdList(data: LiveData, parameter: string, texts: readonly string[], most: number): number[] {
  const ids = texts
    .flatMap((text) => (rowsOf(data, [text]).length > 0 ? [text] : text.split(',')))
    .filter((id) => id !== '');
  if (ids.length <= most) return rowsOf(data, ids);
  const [found, allowed] = [`${ids.length} values`, `up to ${most} values`];
  throw new RequestError('invalid-request', `"${parameter}": found ${found}; allowed is ${allowed}.`, {
    violations: [{ in: 'query', field: parameter, found, allowed }],
  });
}

/**
 * What `strict` asks for.
 *
 * @param known of what was viewed: what can be answered from. @throws NotFoundError when that is nothing.
 */
export function requireKnown({ version }: LiveModel, ids: readonly string[], known: readonly number[]): void {
  if (known.length > 0) return;
  const unknown =
    ids.length === 1 ? `has no product ${quote(ids[0])}` : `knows none of the ${ids.length} viewed products`;
  throw new NotFoundError(`Model ${version} ${unknown}; leave strict out for popular ones.`);
}

/** The rows of those that the model or the catalogue knows; the model's are their numbers. */
export function rowsOf({ model, catalogue }: LiveData, productIds: readonly string[]): number[] {
  return catalogue === undefined
    ? numbersOf(model.index, productIds)
    : productIds.flatMap((id) => catalogue.catalogue.rowOf.get(id) ?? []);
}

/** @param row of the model's products, or of the catalogue's. @returns undefined when it is of neither. */
export function idOf({ model, catalogue }: LiveData, row: number | undefined): string | undefined {
  if (row === undefined) return undefined;
  return model.index.productIds[row] ?? catalogue?.catalogue.productIds[row];
}

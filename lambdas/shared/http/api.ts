import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import * as z from 'zod';
import { cachingHeaders, isKnown, weakEtag } from './caching.ts';
import { readJson } from './json-body.ts';
import { emptyResponse, jsonResponse, type Respond } from './json-response.ts';
import { COMMON_BEHAVIOUR, operationOf } from './openapi.ts';
import { PROBLEMS, problemOf, quote, RequestError } from './problem.ts';
import type { ApiItself, Route } from './route.ts';
import { queryValues, validate } from './validation.ts';

/** What every API needs from outside. */
export interface CommonServices {
  /**
   * Something failed that the caller cannot mend: the cause belongs in the log, not in the answer.
   *
   * @param requestId of the request that failed; left out where it was answered all the same.
   */
  onFault(error: unknown, requestId?: string): void;
}

/** What the way in hands over beside the `Request`, which cannot say it. */
export interface Arrival<Services> {
  /** The gateway's request id: `instance` of a problem, and the key to the logs. */
  requestId: string;
  /** In capitals. */
  method: string;
  /** As the gateway delivers it, decoded or not: a `Request` would resolve its `..` and cut it at `?` and `#`. */
  path: string;
  /** The body. @throws RequestError 413 */
  readText(): Promise<string>;
  respond: Respond;
  services: Services;
}

export type Api<Services> = OpenAPIHono<{ Bindings: Arrival<Services> }>;

/** @param routes in order of matching: of several paths that fit, the first is meant, whatever its method. */
export function createApi<Services extends CommonServices>(
  routes: readonly Route<Services>[],
  info: { title: string; version: string; description: string },
): Api<Services> {
  const api: Api<Services> = new OpenAPIHono({
    // Hono's default, RegExpRouter, puts `:id{.+}` before `:id{.+}/recommendations`, whichever was added first.
    router: new TrieRouter(),
    // Hono decodes parameters once: encoded here, they come out as they were delivered.
    getPath: (_request, options) => encodeURI((options as { env: Arrival<Services> }).env.path.toWellFormed()),
  });
  let document: object | undefined;
  const itself: ApiItself = {
    document() {
      const { description, ...rest } = info;
      document ??= api.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { ...rest, description: `${description}. ${COMMON_BEHAVIOUR}` },
      });
      return document;
    },
  };
  for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
    const pattern = path.replaceAll(/\{(\w+)\+\}/g, ':$1{.+}').replaceAll(/\{(\w+)\}/g, ':$1');
    const handlers = new Map(ofPath.map((route) => [route.method as string, handlerOf(route, itself)]));
    for (const route of ofPath) api.openAPIRegistry.registerPath(operationOf(route as Route<never>));
    const methods = ofPath.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const allow = [...methods, 'OPTIONS'].join(', ');
    // One for all methods: where a single handler matches, Hono composes nothing.
    api.all(pattern, (c) => {
      const { method, respond } = c.env;
      const handle = handlers.get(method === 'HEAD' ? 'GET' : method);
      if (handle !== undefined) return handle(c);
      if (method === 'OPTIONS') return emptyResponse(respond, 204, { allow });
      const message = `${path} has no method ${quote(method)}; allowed is ${allow}.`;
      throw new RequestError('method-not-allowed', message, { headers: { allow } });
    });
  }
  api.notFound((c) => {
    const message = `There is no route ${quote(c.env.path)}; GET /v1/openapi.json lists all routes.`;
    return problemResponse(new RequestError('not-found', message), c);
  });
  api.onError(problemResponse);
  return api;
}

const NO_PARAMETERS = z.strictObject({});

type Asked<Services> = Context<{ Bindings: Arrival<Services> }>;

function handlerOf<Services>(route: Route<Services>, itself: ApiItself): (c: Asked<Services>) => Promise<Response> {
  const { parameters, query = NO_PARAMETERS, body, bareList, caching } = route;
  return async (c) => {
    const input = {
      parameters: parameters ? validate(parameters, c.req.param(), 'path') : {},
      query: validate(query, queryValues(c.req.queries(), c.req.url), 'query'),
      body: body
        ? validate(body, withName(bareList, await readJson(c.req.header('content-type'), c.env.readText)), 'body')
        : {},
    };
    const answer = await route.handle(input, c.env.services, itself);
    if (caching === undefined || caching.allows?.(input, answer) === false) {
      return jsonResponse(c.env.respond, 200, answer);
    }
    const etag = weakEtag(answer as object, caching.ignoredFields);
    const headers = cachingHeaders(etag);
    return isKnown(c.req.header('if-none-match'), etag)
      ? emptyResponse(c.env.respond, 304, headers)
      : jsonResponse(c.env.respond, 200, answer, headers);
  };
}

/** A list that stands alone, put where it belongs. */
function withName(bareList: string | undefined, body: unknown): unknown {
  return bareList !== undefined && Array.isArray(body) ? { [bareList]: body } : body;
}

/** The one way in which an error becomes an answer. */
function problemResponse<Services extends CommonServices>(error: unknown, c: Asked<Services>): Response {
  const { requestId, respond, services } = c.env;
  const { problem, headers } = problemOf(error, requestId);
  if (problem.status === PROBLEMS['internal-error'].status) services.onFault(error, requestId);
  return jsonResponse(respond, problem.status, problem, { 'content-type': 'application/problem+json', ...headers });
}

import * as z from 'zod';
import type { ArtifactStore } from '../../shared/store/artifact-store.ts';
import type { ModelCache } from '../model-cache.ts';
import type { HttpRequest } from './http-message.ts';
import type { ProblemName } from './problem.ts';
import { queryValues, validate } from './validation.ts';

/** What the routes need from outside. */
export interface ApiServices {
  models: ModelCache;
  store: ArtifactStore;
  nowMs(): number;
  /** Unique each time. */
  newId(): string;
  /** For `cluster-sample` without a seed. */
  newSeed(): number;
  /** Something failed that the caller cannot mend: the cause belongs in the log, not in the answer. */
  onFault(error: unknown): void;
  /** An answer was made: how good it is belongs on the operator's dashboard. */
  onRecommended(answer: RecommendationFigures): void;
}

export interface RecommendationFigures {
  items: number;
  /** Of the items, those that are merely popular. */
  fallbackItems: number;
  /** Null while the previous run stands in for a broken one. */
  modelAgeSeconds: number | null;
}

export interface RouteDefinition<
  Parameters extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
> {
  method: 'GET' | 'POST';
  /** `{name}` is one segment, `{name+}` may hold slashes. */
  path: string;
  summary: string;
  parameters?: Parameters;
  query?: Query;
  body?: Body;
  answer: Answer;
  /** Beside those that every route of its form can have. */
  problems?: readonly ProblemName[];
  handle(
    input: { parameters: z.output<Parameters>; query: z.output<Query>; body: z.output<Body> },
    services: ApiServices,
  ): Promise<z.output<Answer>>;
}

/** A route with its types behind it: validates its input, then handles it. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  parameters: z.ZodObject | undefined;
  query: z.ZodObject | undefined;
  body: z.ZodObject | undefined;
  answer: z.ZodType;
  problems: readonly ProblemName[];
  answerTo(request: HttpRequest, parameters: Record<string, string>, services: ApiServices): Promise<unknown>;
}

const NOTHING = z.object({});

export function defineRoute<
  Parameters extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodObject = typeof NOTHING,
  Answer extends z.ZodType = z.ZodType,
>(definition: RouteDefinition<Parameters, Query, Body, Answer>): Route {
  const { method, path, summary, parameters, query, body, answer, problems = [] } = definition;
  return {
    method,
    path,
    summary,
    parameters,
    query,
    body,
    answer,
    problems,
    async answerTo(request, pathValues, services) {
      const input = {
        parameters: (parameters ? validate(parameters, pathValues, 'path') : {}) as z.output<Parameters>,
        query: (query ? validate(query, queryValues(query, request.query), 'query') : {}) as z.output<Query>,
        body: (body ? validate(body, request.readJson(), 'body') : {}) as z.output<Body>,
      };
      return definition.handle(input, services);
    },
  };
}

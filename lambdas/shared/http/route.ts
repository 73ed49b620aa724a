import type * as z from 'zod';
import type { Caching } from './caching.ts';
import type { ProblemName } from './problem.ts';

/** The API that a route is in, as far as a route may look at it. */
export interface ApiItself {
  /** OpenAPI 3.1, made of the schemas that validate. */
  document(): object;
}

export interface RouteDefinition<
  Services,
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
  /** A strict object: an unknown parameter is refused by name. @default none is known */
  query?: Query;
  /** A strict object. */
  body?: Body;
  /** A field of the body that may also be sent alone: a list in place of an object with that list. */
  bareList?: keyof z.output<Body> & string;
  answer: Answer;
  /** Beside those that every route of its form can have. */
  problems?: readonly ProblemName[];
  /** Of a GET. @default an answer is never repeated */
  caching?: Caching<RouteInput<Parameters, Query, Body>, z.output<Answer>>;
  handle(input: RouteInput<Parameters, Query, Body>, services: Services, api: ApiItself): Promise<z.output<Answer>>;
}

interface RouteInput<Parameters extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  parameters: z.output<Parameters>;
  query: z.output<Query>;
  body: z.output<Body>;
}

/** A route with its types behind it. */
export type Route<Services> = RouteDefinition<Services, z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType>;

/** A route whose schemas keep their types, for who calls it from TypeScript: see `console/api/client.ts`. */
type TypedRoute<
  Services,
  Parameters extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
> = Route<Services> & { parameters?: Parameters; query?: Query; body?: Body; answer: Answer };

type Nothing = z.ZodObject<Record<never, never>>;

/** `defineRoute` for the routes of one Lambda, which need these services. */
export function routesWith<Services>() {
  return function defineRoute<
    Parameters extends z.ZodObject = Nothing,
    Query extends z.ZodObject = Nothing,
    Body extends z.ZodObject = Nothing,
    Answer extends z.ZodType = z.ZodType,
  >(
    definition: RouteDefinition<Services, Parameters, Query, Body, Answer>,
  ): TypedRoute<Services, Parameters, Query, Body, Answer> {
    // Its input has been validated by its own schemas when it is called.
    return definition as unknown as TypedRoute<Services, Parameters, Query, Body, Answer>;
  };
}

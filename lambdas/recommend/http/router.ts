import { quote, RequestError } from './problem.ts';
import type { Route } from './route.ts';

interface Match {
  route: Route;
  /** By name, as they stand in the path. */
  parameters: Record<string, string>;
}

export interface Router {
  /** @throws RequestError 404, or 405 with `Allow`. */
  match(method: string, path: string): Match;
  /** The value of `Allow` for a path. @throws RequestError 404 */
  allow(path: string): string;
}

/** The first route that fits wins: put the more special path first. */
export function createRouter(routes: readonly Route[]): Router {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }));

  const matchesOf = (path: string): Match[] => {
    const matches = patterns.flatMap(({ route, pattern }) => {
      const match = pattern.exec(path);
      return match === null ? [] : [{ route, parameters: { ...match.groups } }];
    });
    if (matches.length === 0) {
      throw new RequestError('not-found', `There is no route ${quote(path)}; GET /v1/openapi.json lists all routes.`);
    }
    // Of several paths that fit, the first is meant, whatever its method.
    return matches.filter(({ route }) => route.path === matches[0].route.path);
  };
  const allowOf = (matches: Match[]) =>
    [...matches.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])), 'OPTIONS'].join(
      ', ',
    );

  return {
    match(method, path) {
      const matches = matchesOf(path);
      const wanted = method === 'HEAD' ? 'GET' : method;
      const match = matches.find(({ route }) => route.method === wanted);
      if (match !== undefined) return match;
      const allow = allowOf(matches);
      throw new RequestError(
        'method-not-allowed',
        `${matches[0].route.path} has no method ${quote(method)}; allowed is ${allow}.`,
        { headers: { allow } },
      );
    },
    allow: (path) => allowOf(matchesOf(path)),
  };
}

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`, 's');
}

import type { ApiServices } from '../../lambdas/recommend/api-services.ts';
import { draftsMountedAt } from './drafted-rules.ts';
import { runsMountedAt } from './run-models.ts';

/** The API over what is not live: another run, or rules that are not published. */
export function consoleMounts(services: ApiServices) {
  const run = runsMountedAt(services);
  const draft = draftsMountedAt(services);
  return (path: string) => run(path) ?? draft(path);
}

import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { RequestError } from '../shared/http/problem.ts';
import type { ApiServices } from './api-services.ts';
import type { LiveModel } from './model-cache.ts';
import type { LiveRules } from './rules-cache.ts';

/** What one request is answered from, whatever goes live meanwhile. */
export interface LiveData {
  model: LiveModel;
  /** Undefined while no feed was loaded. */
  catalogue: JoinedCatalogue | undefined;
  /** Undefined while no rules were published. */
  rules: Pick<LiveRules, 'engine' | 'version'> | undefined;
}

/** @throws NoModelError @throws ArtifactError */
export async function liveData({ models, catalogues, rules }: ApiServices): Promise<LiveData> {
  const model = await models.current();
  const catalogue = await catalogues.current(model);
  return { model, catalogue, rules: await rules.current(model, catalogue) };
}

/** @param asked the parameter that asks for it. @throws RequestError 409 */
export function requireCatalogue({ catalogue }: LiveData, asked: string): JoinedCatalogue {
  if (catalogue !== undefined) return catalogue;
  throw new RequestError(
    'no-catalogue',
    `"${asked}" asks the catalogue, and none is live: load a feed (npm run catalogue -- FEED), or leave it out.`,
  );
}

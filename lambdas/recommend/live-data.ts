import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { RequestError } from '../shared/http/problem.ts';
import type { ApiServices } from './api-services.ts';
import type { LiveModel } from './model-cache.ts';

/** What one request is answered from, whatever goes live meanwhile. */
export interface LiveData {
  model: LiveModel;
  /** Undefined while no feed was loaded. */
  catalogue: JoinedCatalogue | undefined;
}

/** @throws NoModelError @throws ArtifactError */
export async function liveData({ models, catalogues }: ApiServices): Promise<LiveData> {
  const model = await models.current();
  return { model, catalogue: await catalogues.current(model) };
}

/** @param asked the parameter that asks for it. @throws RequestError 409 */
export function requireCatalogue({ catalogue }: LiveData, asked: string): JoinedCatalogue {
  if (catalogue !== undefined) return catalogue;
  throw new RequestError(
    'no-catalogue',
    `"${asked}" asks the catalogue, and none is live: load a feed (npm run catalogue -- FEED), or leave it out.`,
  );
}

import type { CommonServices } from '../shared/http/api.ts';
import { routesWith } from '../shared/http/route.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import type { CatalogueCache } from './catalogue-cache.ts';
import type { ModelCache } from './model-cache.ts';
import type { RulesCache } from './rules-cache.ts';

/** What the routes need from outside. */
export interface ApiServices extends CommonServices {
  models: Pick<ModelCache, 'current'>;
  catalogues: Pick<CatalogueCache, 'current'>;
  rules: Pick<RulesCache, 'current'>;
  store: ArtifactStore;
  nowMs(): number;
  /** Unique each time. */
  newId(): string;
  /** For `cluster-sample` without a seed. */
  newSeed(): number;
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

export const defineRoute = routesWith<ApiServices>();

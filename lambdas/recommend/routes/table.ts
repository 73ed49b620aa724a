import * as z from 'zod';
import type { Route } from '../../shared/http/route.ts';
import { type ApiServices, defineRoute } from '../api-services.ts';
import { recommendInBatch } from './batch.ts';
import { getCatalogue } from './catalogue.ts';
import { getCluster, listClusters, predict } from './clusters.ts';
import { getMap } from './map.ts';
import { getHealth, getModel } from './model.ts';
import { getProduct, listProducts } from './products.ts';
import { recommendForProduct, recommendForSession } from './recommendations.ts';
import { getRejectedRows } from './rejected-rows.ts';
import { getRules } from './rules.ts';
import { getRun, getRunData, getRunReport } from './run-details.ts';
import { runsRoute } from './runs.ts';

const getOpenApi = defineRoute({
  method: 'GET',
  path: '/v1/openapi.json',
  summary: 'This description of the API, OpenAPI 3.1',
  answer: z.record(z.string(), z.unknown()),
  caching: {},
  async handle(_input, _services, api) {
    return { ...api.document() };
  },
});

/** In order of matching: the first that fits wins. */
export const ROUTES: readonly Route<ApiServices>[] = [
  recommendForProduct,
  recommendForSession,
  recommendInBatch,
  listProducts,
  getProduct,
  getCatalogue,
  listClusters,
  predict,
  getCluster,
  getMap,
  getModel,
  getRules,
  runsRoute,
  getRunReport,
  getRunData,
  getRejectedRows,
  getRun,
  getHealth,
  getOpenApi,
];

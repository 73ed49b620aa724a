import * as z from 'zod';
import { openApiDocument } from '../http/openapi.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { getCluster, listClusters, predict } from './clusters.ts';
import { getHealth, getModel } from './model.ts';
import { getProduct, listProducts } from './products.ts';
import { recommendForProduct, recommendForSession } from './recommendations.ts';
import { runsRoute } from './runs.ts';

let document: ReturnType<typeof openApiDocument> | undefined;

const getOpenApi = defineRoute({
  method: 'GET',
  path: '/v1/openapi.json',
  summary: 'This description of the API, OpenAPI 3.1',
  answer: z.record(z.string(), z.unknown()),
  async handle() {
    document ??= openApiDocument(ROUTES);
    return { ...document };
  },
});

/** In order of matching: the first that fits wins. */
export const ROUTES: readonly Route[] = [
  recommendForProduct,
  recommendForSession,
  listProducts,
  getProduct,
  listClusters,
  predict,
  getCluster,
  getModel,
  runsRoute,
  getHealth,
  getOpenApi,
];

/** A call that the API answers from the sample model, well or with a problem. */
export interface ApiCall {
  method: 'GET' | 'POST';
  /** As in the table of routes. */
  route: string;
  path: string;
  query?: string;
  body?: unknown;
  status: number;
}

const call = (route: string, path: string, query: string, status = 200): ApiCall => ({
  method: 'GET',
  route,
  path,
  query,
  status,
});
const post = (route: string, body: unknown, status = 200): ApiCall => ({
  method: 'POST',
  route,
  path: route,
  body,
  status,
});

const RECOMMENDATIONS = '/v1/products/{productId+}/recommendations';
const PRODUCT = '/v1/products/{productId+}';
const CLUSTER = '/v1/clusters/{clusterNo}';

/** Of each route one call that is answered well at least: tests of all routes go over it. */
export const API_CALLS: readonly ApiCall[] = [
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'count=20'),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'exclude=P1&exclude=P2,P3'),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'explain=true'),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'count=0', 400),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'cuont=1', 400),
  call(RECOMMENDATIONS, '/v1/products/NEW/recommendations', 'strict=true', 404),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'filter=brand:Acme', 409),
  post('/v1/recommendations', { viewed: [], fields: ['title'] }, 409),
  post('/v1/recommendations', { viewed: ['P0'] }),
  post('/v1/recommendations', { viewed: 1 }, 400),
  post('/v1/recommendations', { viewed: ['x'.repeat(1_048_576)] }, 413),
  post('/v1/recommendations/batch', { requests: [{ viewed: ['P0'] }, { productId: 'NEW', strict: true }] }),
  post('/v1/recommendations/batch', [{ viewed: ['P0'] }]),
  post('/v1/recommendations/batch', { requests: [{}] }, 400),
  call('/v1/products', '/v1/products', 'limit=3'),
  call('/v1/products', '/v1/products', 'cursor=x', 400),
  call(PRODUCT, '/v1/products/P0', 'vector=true'),
  call(PRODUCT, '/v1/products/👟', 'vector=true'),
  call(PRODUCT, '/v1/products/NEW', '', 404),
  call('/v1/products', '/v1/products', 'query=p'),
  call('/v1/products', '/v1/products', 'filter=brand:Acme', 409),
  call('/v1/catalogue', '/v1/catalogue', '', 404),
  call('/v1/clusters', '/v1/clusters', ''),
  call(CLUSTER, '/v1/clusters/0', 'limit=1'),
  call(CLUSTER, '/v1/clusters/9', '', 404),
  post('/v1/clusters/predict', { vector: [0, 1] }),
  post('/v1/clusters/predict', { vector: [0] }, 400),
  call('/v1/model', '/v1/model', ''),
  call('/v1/map', '/v1/map', 'limit=3'),
  call('/v1/rules', '/v1/rules', ''),
  call('/v1/runs', '/v1/runs', ''),
  call('/v1/runs/{runId}', '/v1/runs/run-1', ''),
  call('/v1/runs/{runId}', '/v1/runs/none', '', 404),
  call('/v1/runs/{runId}/report', '/v1/runs/run-1/report', ''),
  call('/v1/runs/{runId}/data', '/v1/runs/live/data', ''),
  call('/v1/runs/{runId}/rejected-rows', '/v1/runs/run-1/rejected-rows', 'limit=1'),
  call('/v1/health', '/v1/health', ''),
  call('/v1/openapi.json', '/v1/openapi.json', ''),
];

/** What only a live catalogue answers: see `SAMPLE_FEED`. */
export const CATALOGUE_CALLS: readonly ApiCall[] = [
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'filter=brand:@&relax=brand&fields=*&count=20'),
  call('/v1/catalogue', '/v1/catalogue', 'limit=2&fields=brand,price,title'),
  call('/v1/catalogue', '/v1/catalogue', 'limit=1001', 400),
  call('/v1/model', '/v1/model', ''),
  call('/v1/products', '/v1/products', 'query=shirt&filter=price<20&fields=*'),
  call(PRODUCT, '/v1/products/P3', ''),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'filter=pirce<3', 400),
  call(RECOMMENDATIONS, '/v1/products/P0/recommendations', 'fields=titel', 400),
  post('/v1/recommendations', { viewed: ['P0'], filter: 'price<20 OR colours:@', fields: ['colours', 'price'] }),
  post('/v1/recommendations', {
    viewed: ['P0'],
    filter: { not: { field: 'price', lte: { own: 'price', times: 1.5 } } },
  }),
  post('/v1/recommendations', { viewed: ['P0'], filter: { not: {} } }, 400),
  post('/v1/recommendations/batch', {
    requests: [
      { viewed: ['P0'], filter: 'pirce<3' },
      { productId: 'P0', fields: ['*'] },
    ],
  }),
];

/** The first call of each route that is answered well. */
export const GOOD_CALLS: readonly ApiCall[] = [
  ...Map.groupBy(
    [...API_CALLS, ...CATALOGUE_CALLS].filter(({ status }) => status === 200),
    ({ method, route }) => `${method} ${route}`,
  ).values(),
].map(([first]) => first);

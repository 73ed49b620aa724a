import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../../../lambdas/recommend/routes/table.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';

interface Media {
  schema: object;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content: Record<string, Media> }>;
}
let api: ApiFixture;
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: object };

beforeAll(async () => {
  api = await ApiFixture.published();
  document = (await api.get('/v1/openapi.json')).json;
});

/** Compiles a schema of the document with a JSON Schema implementation that had no part in making it. */
function schemaAt(...path: string[]): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, 'openapi');
  const pointer = path.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  return ajv.compile({ $ref: `openapi#/${pointer}` });
}

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  expect(document.openapi).toBe('3.1.0');
});

test('it has every route, and its parameters with limits and defaults', () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path.replace('+}', '}')}`).sort());
  const { parameters } = document.paths['/v1/products/{productId}/recommendations']['get'];
  expect(parameters?.map((parameter) => `${parameter.in} ${parameter.name}`).sort()).toEqual([
    'path productId',
    'query count',
    'query explain',
    'query seed',
    'query strategy',
    'query strict',
  ]);
  const count = parameters?.find(({ name }) => name === 'count');
  expect(count?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 100, default: 5 });
  expect(count).not.toHaveProperty('required', true);
});

describe('what the API answers is what the document says', () => {
  const cases: [string, string, string, string, unknown?][] = [
    ['get', '/v1/products/{productId}/recommendations', '/v1/products/P0/recommendations', 'count=20'],
    ['get', '/v1/products/{productId}/recommendations', '/v1/products/P0/recommendations', 'count=0'],
    ['get', '/v1/products/{productId}/recommendations', '/v1/products/NEW/recommendations', 'strict=true'],
    ['post', '/v1/recommendations', '/v1/recommendations', '', { viewed: ['P0'] }],
    ['post', '/v1/recommendations', '/v1/recommendations', '', { viewed: 1 }],
    ['get', '/v1/products', '/v1/products', 'limit=3'],
    ['get', '/v1/products', '/v1/products', 'cursor=x'],
    ['get', '/v1/products/{productId}', '/v1/products/P0', 'vector=true'],
    ['get', '/v1/products/{productId}', '/v1/products/👟', 'vector=true'],
    ['get', '/v1/products/{productId}', '/v1/products/NEW', ''],
    ['get', '/v1/clusters', '/v1/clusters', ''],
    ['get', '/v1/clusters/{clusterNo}', '/v1/clusters/0', 'limit=1'],
    ['get', '/v1/clusters/{clusterNo}', '/v1/clusters/9', ''],
    ['post', '/v1/clusters/predict', '/v1/clusters/predict', '', { vector: [0, 1] }],
    ['post', '/v1/clusters/predict', '/v1/clusters/predict', '', { vector: [0] }],
    ['get', '/v1/model', '/v1/model', ''],
    ['get', '/v1/runs', '/v1/runs', ''],
    ['get', '/v1/health', '/v1/health', ''],
    ['get', '/v1/openapi.json', '/v1/openapi.json', ''],
  ];

  test.each(cases)('%s %s for %s?%s', async (method, path, target, query, body) => {
    const { statusCode, headers, json } = body ? await api.post(target, body, query) : await api.get(target, query);
    const type = headers['content-type'] as string;
    const fits = schemaAt('paths', path, method, 'responses', String(statusCode), 'content', type, 'schema');
    expect(fits(json), JSON.stringify(fits.errors)).toBe(true);
    if (body && statusCode === 200) {
      const bodyFits = schemaAt('paths', path, method, 'requestBody', 'content', 'application/json', 'schema');
      expect(bodyFits(body)).toBe(true);
      expect(bodyFits({})).toBe(false);
    }
  });

  test('and a model that is not there', async () => {
    const { statusCode, json } = await new ApiFixture().get('/v1/health');
    const path = ['paths', '/v1/health', 'get', 'responses', String(statusCode)];
    expect(schemaAt(...path, 'content', 'application/problem+json', 'schema')(json)).toBe(true);
  });
});

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../../lambdas/recommend/routes/table.ts';
import { API_CALLS, CATALOGUE_CALLS, GOOD_CALLS } from '../../support/api-calls.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../support/published-catalogue.ts';

interface Media {
  schema: object;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content: Record<string, Media>; headers?: object }>;
}
let withoutCatalogue: ApiFixture;
let withCatalogue: ApiFixture;
let document: {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: object;
};

beforeAll(async () => {
  withoutCatalogue = await ApiFixture.published();
  withCatalogue = await ApiFixture.published();
  await publishCatalogue(withCatalogue.store, SAMPLE_FEED);
  document = (await withoutCatalogue.get('/v1/openapi.json')).json;
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
    'query exclude',
    'query explain',
    'query explore',
    'query fields',
    'query filter',
    'query includeUnavailable',
    'query placement',
    'query relax',
    'query seed',
    'query strategy',
    'query strict',
  ]);
  const count = parameters?.find(({ name }) => name === 'count');
  expect(count?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 100, default: 5 });
  expect(count).not.toHaveProperty('required', true);
});

test('each operation says which problems it can answer with, and what 405 carries', () => {
  for (const { method, route } of GOOD_CALLS) {
    const { responses } = document.paths[route.replace('+}', '}')][method.toLowerCase()];
    const expected = ['200', '400', '405', '500', ...(method === 'POST' ? ['413', '415'] : [])];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(expected));
    for (const status of expected.slice(1))
      expect(Object.keys(responses[status].content)).toEqual(['application/problem+json']);
    expect(responses['405'].headers).toHaveProperty('Allow');
  }
});

test('it says how HEAD, OPTIONS and unknown parameters are answered', () => {
  for (const word of ['HEAD', 'OPTIONS', '204', 'Allow', '405', 'unknown', 'utm_*']) {
    expect(document.info.description).toContain(word);
  }
});

test('it says which scores are not comparable', () => {
  expect(document.components).toMatchObject({
    schemas: {
      RecommendedProduct: { properties: { score: { description: expect.stringContaining('`explore`') } } },
    },
  });
});

describe('what the API answers is what the document says', () => {
  test.each(
    [...API_CALLS, ...CATALOGUE_CALLS].map((call) => [
      `${call.method} ${call.path}?${call.query ?? ''} ${call.status}`,
      call,
    ]),
  )('%s', async (_, call) => {
    const api = CATALOGUE_CALLS.includes(call) ? withCatalogue : withoutCatalogue;
    const { statusCode, headers, json } = await api.call(call);
    expect(statusCode).toBe(call.status);
    const [path, method] = [call.route.replace('+}', '}'), call.method.toLowerCase()];
    const type = headers['content-type'] as string;
    const fits = schemaAt('paths', path, method, 'responses', String(statusCode), 'content', type, 'schema');
    expect(fits(json), JSON.stringify(fits.errors)).toBe(true);
    if (call.body !== undefined && statusCode === 200) {
      const bodyFits = schemaAt('paths', path, method, 'requestBody', 'content', 'application/json', 'schema');
      expect(bodyFits(call.body)).toBe(true);
      expect(bodyFits({})).toBe(false);
    }
  });

  test('and a model that is not there', async () => {
    const { statusCode, json } = await new ApiFixture().get('/v1/health');
    const path = ['paths', '/v1/health', 'get', 'responses', String(statusCode)];
    expect(schemaAt(...path, 'content', 'application/problem+json', 'schema')(json)).toBe(true);
  });
});

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../../../lambdas/recommend/api.ts';
import { answerEvent } from '../../../../lambdas/shared/http/answer-event.ts';
import { ApiFixture, eventOf } from '../../../support/api-fixture.ts';

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await ApiFixture.published();
});

const answer = (event: APIGatewayProxyEventV2) => answerEvent(api, event, fixture.services);

describe('answers an event that a Request could not hold:', () => {
  test.each<[string, APIGatewayProxyEventV2, number]>([
    ['a GET with a body', eventOf('GET', '/v1/health', { body: '{}' }), 200],
    ['TRACE', eventOf('TRACE', '/v1/health'), 405],
    ['CONNECT', eventOf('CONNECT', '/v1/health'), 405],
    ['a method that is no word', eventOf('a b', '/v1/health'), 405],
    ['a method in small letters', eventOf('get', '/v1/health'), 200],
    ['no headers', { ...eventOf('GET', '/v1/health'), headers: undefined as never }, 200],
    [
      'no headers with a body',
      { ...eventOf('POST', '/v1/recommendations', { body: '{}' }), headers: undefined as never },
      415,
    ],
    ['a header in Chinese', eventOf('GET', '/v1/health', { headers: { 'x-shop': '世界\n' } }), 200],
    ['no path', eventOf('GET', ''), 404],
    ['dots', eventOf('GET', '/v1/clusters/../health'), 404],
    ['half a character', eventOf('GET', '/v1/products/\ud83d'), 404],
    ['a question mark', eventOf('GET', '/v1/products/what?'), 200],
    [
      'base64 that is none',
      eventOf('POST', '/v1/recommendations', {
        headers: { 'content-type': 'application/json' },
        body: '{"%',
        isBase64Encoded: true,
      }),
      400,
    ],
  ])('%s', async (_, event, status) => {
    const { statusCode, headers } = await answer(event);
    expect(statusCode).toBe(status);
    expect(headers['content-type']).toBe(status < 400 ? 'application/json' : 'application/problem+json');
  });
});

test('a method that Allow leaves out is named as it was sent', async () => {
  const { body } = await answer(eventOf('TRACE', '/v1/health'));
  expect(JSON.parse(body).detail).toBe('/v1/health has no method "TRACE"; allowed is GET, HEAD, OPTIONS.');
});

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE'])('every answer to %s has the headers of a JSON API', async (method) => {
  const { headers } = await answer(eventOf(method, '/v1/health'));
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
});

import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { answer } from '../../../lambdas/recommend/api.ts';
import { type HttpBridge, type HttpHandler, startHttpBridge } from '../../../scripts/lib/http-bridge.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS } from '../../support/published-model.ts';

const bridges: HttpBridge[] = [];
const errors: unknown[] = [];
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  errors.length = 0;
});

async function serve(handler: HttpHandler): Promise<HttpBridge> {
  const bridge = await startHttpBridge({ handler, port: 0, onError: (error) => errors.push(error) });
  bridges.push(bridge);
  return bridge;
}

/** A server that keeps the last event and context it was called with. */
async function capture() {
  const seen: { event?: APIGatewayProxyEventV2; context?: Context } = {};
  const bridge = await serve(async (event, context) => {
    Object.assign(seen, { event, context });
    return { statusCode: 200, body: '{}' };
  });
  return { url: bridge.url, seen };
}

describe('a request becomes a payload 2.0 event', () => {
  test('with path, query, headers, cookies and context', async () => {
    const { url, seen } = await capture();
    await fetch(`${url}/v1/products/a%20b?count=1&x=a%3Fb%25c&x=2&empty=`, {
      headers: { Cookie: 'a=1; b=2', 'X-Mixed': 'one' },
    });
    const { event, context } = seen;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/v1/products/a b',
      rawQueryString: 'count=1&x=a%3Fb%25c&x=2&empty=',
      queryStringParameters: { count: '1', x: 'a?b%c,2', empty: '' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-mixed': 'one', host: url.slice('http://'.length) },
      requestContext: {
        http: { method: 'GET', path: '/v1/products/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      isBase64Encoded: false,
    });
    expect(event?.headers).not.toHaveProperty('cookie');
    expect(event).not.toHaveProperty('body');
    expect(context?.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  test('with a text body as it is and any other as base64', async () => {
    const { url, seen } = await capture();
    for (const [type, isText] of [
      ['application/json', true],
      ['application/json; charset=utf-8', true],
      ['text/csv', true],
      ['application/vnd.shop+json', false],
      ['application/octet-stream', false],
    ] as const) {
      await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: '{"a": "½"}' });
      const body = isText ? '{"a": "½"}' : Buffer.from('{"a": "½"}').toString('base64');
      expect(seen.event).toMatchObject({ body, isBase64Encoded: !isText });
    }
  });

  test('with each id one, and no query without one', async () => {
    const { url, seen } = await capture();
    await fetch(url);
    const first = seen.event;
    await fetch(url);
    expect(first).toMatchObject({ rawPath: '/', rawQueryString: '' });
    expect(first).not.toHaveProperty('queryStringParameters');
    expect(seen.event?.requestContext.requestId).not.toBe(first?.requestContext.requestId);
  });
});

describe('a result becomes an answer', () => {
  test('with status, headers, several cookies and a base64 body', async () => {
    const { url } = await serve(async () => ({
      statusCode: 203,
      headers: { 'content-type': 'image/png', 'x-number': 7 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([0, 255, 128]).toString('base64'),
      isBase64Encoded: true,
    }));
    const response = await fetch(url);
    expect(response.status).toBe(203);
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(0, 255, 128));
  });

  test('of 500 without details when the handler throws', async () => {
    const { url } = await serve(async () => {
      throw new Error('secret');
    });
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(errors).toEqual([new Error('secret')]);
  });

  test('of 413 past 10 MB', async () => {
    const { url, seen } = await capture();
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    const response = await fetch(url, { method: 'POST', body }).catch((error) => error.cause);
    // The rest of the body is not read, so the client may see the connection go before it sees the answer.
    expect([413, 'EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']).toContain(response.status ?? response.code);
    expect(seen.event).toBeUndefined();
    expect((await fetch(url, { method: 'POST', body: body.subarray(1) })).status).toBe(200);
  });
});

describe('with the recommend API behind it', () => {
  async function serveApi() {
    const api = await ApiFixture.published();
    return serve((event) => answer(event, api.options));
  }

  test.each(ODD_PRODUCT_IDS)('gives the right product for the encoded id %j', async (id) => {
    const { url } = await serveApi();
    const encoded = encodeURIComponent(id);
    const product = await fetch(`${url}/v1/products/${encoded}`);
    expect([product.status, await product.json()]).toMatchObject([200, { productId: id }]);
    const recommended = await fetch(`${url}/v1/products/${encoded}/recommendations?strict=true&count=3`);
    expect([recommended.status, await recommended.json()]).toMatchObject([200, { productId: id }]);
  });

  test('gives 10,000 emoji, percent-encoded, their answer', async () => {
    const { url } = await serveApi();
    const response = await fetch(`${url}/v1/products/${encodeURIComponent('👟'.repeat(10_000))}/recommendations`);
    expect([response.status, ((await response.json()) as { items: { source: string }[] }).items[0].source]).toEqual([
      200,
      'popular',
    ]);
  });

  test('answers targets that no client library would send', async () => {
    const { url } = await serveApi();
    const { port } = new URL(url);
    const statusOf = (target: string, method = 'GET') =>
      new Promise((resolve, reject) => {
        httpRequest({ host: '127.0.0.1', port, path: target, method }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusOf('/v1/products/%zz')).toBe(404);
    expect(await statusOf('/v1/products/%E0%A4%A')).toBe(404);
    expect(await statusOf('/v1/products/50%')).toBe(404);
    expect(await statusOf('//v1/health')).toBe(404);
    expect(await statusOf('/v1/health?%')).toBe(200);
    expect(await statusOf(`${url}/v1/health`)).toBe(200);
    expect(await statusOf('*', 'OPTIONS')).toBe(404);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { url } = await serveApi();
    const response = await fetch(`${url}/v1/health`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '',
    ]);
  });
});

test('a port that is taken is named, with the fix', async () => {
  const { url } = await capture();
  const port = Number(new URL(url).port);
  const second = startHttpBridge({ handler: async () => ({}), port, onError() {} });
  await expect(second).rejects.toThrow(ConfigurationError);
  await expect(second).rejects.toThrow(`Port ${port} is in use`);
});

test('closing ends idle connections and frees the port', async () => {
  const bridge = await startHttpBridge({ handler: async () => ({}), port: 0, onError() {} });
  const port = Number(new URL(bridge.url).port);
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await bridge.close();
  await closed;
  const again = await startHttpBridge({ handler: async () => ({}), port, onError() {} });
  await again.close();
});

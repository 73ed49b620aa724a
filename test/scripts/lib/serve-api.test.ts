import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { api } from '../../../lambdas/recommend/api.ts';
import { type ApiServer, serveApi } from '../../../scripts/lib/serve-api.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS } from '../../support/published-model.ts';

const servers: ApiServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(fixture?: ApiFixture, port = 0): Promise<ApiServer> {
  const server = await serveApi(api, (fixture ?? (await ApiFixture.published())).services, port);
  servers.push(server);
  return server;
}

const json = { 'content-type': 'application/json' };
const portOf = ({ url }: ApiServer) => Number(new URL(url).port);

/** Sends bytes as they are and resolves to what comes back until the connection ends. */
async function sendRaw(server: ApiServer, ...parts: string[]): Promise<string> {
  const socket = connect(portOf(server), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  // Not `once`, which a connection that is reset would make fail.
  const closed = new Promise((resolve) => socket.on('close', resolve));
  for (const part of parts) {
    socket.write(part);
    await sleep(20);
  }
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

test('listens on 127.0.0.1 and gives each request an id, which a problem repeats', async () => {
  const server = await serve();
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const ids = [];
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${server.url}/v1/nothing`);
    ids.push(response.headers.get('apigw-requestid'));
    expect(await response.json()).toMatchObject({ status: 404, instance: ids[i] });
  }
  expect(new Set(ids).size).toBe(2);
});

test.each(ODD_PRODUCT_IDS)('gives the right product for the encoded id %j', async (id) => {
  const { url } = await serve();
  const encoded = encodeURIComponent(id);
  const product = await fetch(`${url}/v1/products/${encoded}`);
  expect([product.status, await product.json()]).toMatchObject([200, { productId: id }]);
  const recommended = await fetch(`${url}/v1/products/${encoded}/recommendations?strict=true&count=3`);
  expect([recommended.status, await recommended.json()]).toMatchObject([200, { productId: id }]);
});

test('gives 10,000 emoji, percent-encoded, their answer', async () => {
  const { url } = await serve();
  const response = await fetch(`${url}/v1/products/${encodeURIComponent('👟'.repeat(10_000))}/recommendations`);
  expect([response.status, ((await response.json()) as { items: { source: string }[] }).items[0].source]).toEqual([
    200,
    'popular',
  ]);
});

test('answers targets that no client library would send', async () => {
  const server = await serve();
  const statusOf = (target: string, method = 'GET') =>
    new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: portOf(server), path: target, method }, (response) => {
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
  expect(await statusOf('/v1\\health')).toBe(404);
  expect(await statusOf('/v1/clusters/../health')).toBe(404);
  expect(await statusOf('/v1/health?%')).toBe(400);
  expect(await statusOf('/v1/health?utm_source=%')).toBe(200);
  expect(await statusOf(`${server.url}/v1/health`)).toBe(200);
  expect(await statusOf('*', 'OPTIONS')).toBe(404);
  expect(await statusOf('/v1/health', 'TRACE')).toBe(405);
  expect(await statusOf('/v1/health', 'PROPFIND')).toBe(405);
});

test('HEAD has the headers of GET and no body', async () => {
  const { url } = await serve();
  const response = await fetch(`${url}/v1/health`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'application/json',
    '',
  ]);
});

// RFC 9110, section 8.6: of HEAD and 304 it would be the length of what GET sends, and 204 has none.
test.each([
  ['GET', '/v1/model', 200, String],
  ['HEAD', '/v1/model', 200, () => null],
  ['OPTIONS', '/v1/model', 204, () => null],
])('%s %s says how long what it sends is, if it sends anything', async (method, path, status, lengthOf) => {
  const { url } = await serve();
  const response = await fetch(`${url}${path}`, { method });
  const { byteLength } = await response.arrayBuffer();
  expect([response.status, response.headers.get('content-length')]).toEqual([status, lengthOf(byteLength)]);
  expect(response.headers.get('transfer-encoding')).toBeNull();
});

describe('with CORS', () => {
  const ORIGIN = 'https://shop.example';
  const ASKED = { origin: ORIGIN, 'access-control-request-method': 'GET' };
  const ask = async (path: string, headers: Record<string, string>, corsOrigins: string[]) => {
    const server = await serveApi(api, (await ApiFixture.published()).services, 0, { corsOrigins });
    servers.push(server);
    const response = await fetch(`${server.url}${path}`, { method: 'OPTIONS', headers });
    const { status, headers: given } = response;
    return { status, allow: given.get('allow'), origin: given.get('access-control-allow-origin') };
  };

  test('a preflight request is answered', async () => {
    expect(await ask('/v1/model', ASKED, [ORIGIN])).toMatchObject({ status: 204, origin: ORIGIN });
    expect(await ask('/v1/recommendations', ASKED, ['*'])).toMatchObject({ status: 204, origin: '*' });
  });

  test.each([
    ['no Origin', '/v1/model', { 'access-control-request-method': 'GET' }],
    ['no method that is asked for', '/v1/model', { origin: ORIGIN }],
    ['neither', '/v1/recommendations', {}],
    ['a path that is no route', '/v1/nothing', ASKED],
    ['neither, and no route', '/v1/nothing', {}],
  ])('OPTIONS with %s is answered as without CORS', async (_, path, headers) => {
    const plain = await ask(path, headers, []);
    expect(plain).toMatchObject(
      path === '/v1/nothing' ? { status: 404 } : { status: 204, allow: expect.stringContaining('OPTIONS') },
    );
    expect(await ask(path, headers, [ORIGIN])).toEqual(plain);
  });
});

test('a connection whose body nobody read is good for the next request', async () => {
  const server = await serve();
  const length = 300_000;
  const post = `POST /v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
  const answers = await sendRaw(server, post, 'GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
});

describe('a hostile client', () => {
  test.each([
    ['a Host that is none', 'GET /v1/health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['no Host', 'GET /v1/health HTTP/1.0\r\n\r\n', 200],
    ['a word that is no method', 'FETCH! /v1/health HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['300 KB of headers', `GET /v1/health HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(300_000)}\r\n\r\n`, 431],
    [
      'a negative length',
      'POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n',
      400,
    ],
  ])('with %s gets its answer, and the next one is served', async (_, bytes, status) => {
    const server = await serve();
    const answer = await sendRaw(server, bytes);
    // The rest of what is too long is not read, so the client may see the connection go before it sees the answer.
    if (status !== 431 || answer !== '') expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await fetch(`${server.url}/v1/health`)).status).toBe(200);
  });

  test('gets 413 for a body past 1 MiB, announced or not, without its being read', async () => {
    const server = await serve();
    const head =
      'POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n';
    const announced = await sendRaw(server, `${head}Content-Length: 50000000\r\n\r\n{"viewed": [`);
    expect(announced).toMatch(/^HTTP\/1\.1 413.*The body has 50000000 bytes; allowed are up to 1048576\./s);
    const chunk = `40000\r\n${' '.repeat(0x40000)}\r\n`;
    const unannounced = await sendRaw(server, `${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array(6).fill(chunk));
    expect(unannounced).toMatch(/^HTTP\/1\.1 413.*more than 1048576 bytes/s);
    expect((await fetch(`${server.url}/v1/health`)).status).toBe(200);
  });

  test('who leaves in the middle of a body is no fault of the server', async () => {
    const fixture = await ApiFixture.published();
    const server = await serve(fixture);
    const socket = connect(portOf(server), '127.0.0.1');
    socket.write(
      'POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"vie',
    );
    await sleep(50);
    socket.destroy();
    await sleep(50);
    expect(fixture.faults).toEqual([]);
    expect((await fetch(`${server.url}/v1/health`)).status).toBe(200);
  });
});

test('takes a body in chunks, and characters cut in two by them', async () => {
  const server = await serve();
  const bytes = Buffer.from('{"viewed": ["👟"], "count": 1}');
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const request = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
  const response = await fetch(`${server.url}/v1/recommendations?strict=true`, request);
  expect(response.status).toBe(200);
});

test('takes a body that begins with a byte order mark', async () => {
  const { url } = await serve();
  const body = Buffer.from('\uFEFF{"viewed": ["P0"]}');
  expect((await fetch(`${url}/v1/recommendations`, { method: 'POST', headers: json, body })).status).toBe(200);
});

test('a port that is taken is named, with the fix', async () => {
  const port = portOf(await serve());
  await expect(serve(undefined, port)).rejects.toThrow(ConfigurationError);
  await expect(serve(undefined, port)).rejects.toThrow(`Port ${port} is in use`);
});

describe('closing', () => {
  test('ends idle connections and frees the port', async () => {
    const server = await serve();
    const idle = connect(portOf(server), '127.0.0.1');
    await once(idle, 'connect');
    const kept = await fetch(`${server.url}/v1/health`);
    await kept.text();
    const gone = once(idle, 'close');
    // Not when the time is up that requests have to end in: one that sends nothing has begun none.
    expect(await Promise.race([server.close(), sleep(5_000, 'late')])).not.toBe('late');
    await gone;
    servers.length = 0;
    // Not by listening there: a connection of another process may have taken the port for its own end.
    await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow();
  });

  test('lets a request that has begun have its answer', async () => {
    const begun = Promise.withResolvers<void>();
    const { services } = await ApiFixture.published();
    const server = await serveApi(api, services, 0, {
      answerPage() {
        begun.resolve();
        return false;
      },
    });
    const body = JSON.stringify({ viewed: ['P0'], count: 1 });
    const socket = connect(portOf(server), '127.0.0.1');
    socket.write(
      `POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await begun.promise;
    const closed = server.close();
    await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow();
    socket.write(body.slice(10));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200.*"P1"/s);
    await closed;
  });
});

describe('compression', () => {
  /** `fetch` would undo it. */
  async function get(path: string, accepted: string | undefined) {
    const { url } = await serve();
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const [response] = await once(httpRequest(`${url}${path}`, { headers }).end(), 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { headers: response.headers, body: Buffer.concat(chunks) };
  }

  test.each(['gzip', 'br, GZIP;q=0.5, *;q=0', 'deflate, gzip'])(
    'of a long answer, for who accepts %s',
    async (accepted) => {
      const plain = await get('/v1/openapi.json', undefined);
      const { headers, body } = await get('/v1/openapi.json', accepted);
      expect(headers).toMatchObject({
        'content-encoding': 'gzip',
        vary: 'origin, accept-encoding',
        etag: plain.headers.etag,
      });
      expect(gunzipSync(body)).toEqual(plain.body);
      expect(body.length).toBeLessThan(plain.body.length / 4);
    },
  );

  test.each([undefined, 'br', 'gzip;q=0', 'gzip; q=0.000, br', 'x-gzip'])(
    'not for who accepts %s',
    async (accepted) => {
      const { headers, body } = await get('/v1/openapi.json', accepted);
      expect(headers).toMatchObject({ vary: 'origin, accept-encoding', 'content-length': String(body.length) });
      expect(headers).not.toHaveProperty('content-encoding');
      expect(JSON.parse(body.toString())).toMatchObject({ openapi: '3.1.0' });
    },
  );

  test.each(['/v1/openapi.json', '/v1/clusters/0', '/v1/health'])(
    'HEAD and 304 of %s vary by what GET varies by',
    async (path) => {
      const { url } = await serve();
      const varyOf = async (init: RequestInit) => {
        const { status, headers } = await fetch(`${url}${path}`, init);
        return [status, headers.get('vary')];
      };
      const { headers } = await fetch(`${url}${path}`);
      expect(headers.get('vary')).toContain('accept-encoding');
      expect(await varyOf({ method: 'HEAD' })).toEqual([200, headers.get('vary')]);
      const etag = headers.get('etag');
      if (etag !== null)
        expect(await varyOf({ headers: { 'if-none-match': etag } })).toEqual([304, headers.get('vary')]);
    },
  );

  test('not of a short answer', async () => {
    const { headers, body } = await get('/v1/health', 'gzip');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(body.toString())).toMatchObject({ status: 'ok' });
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../../lambdas/recommend/api.ts';
import { forwardToApi } from '../../../scripts/console/forward-to-api.ts';
import { type ApiServer, serveApi } from '../../../scripts/lib/serve-api.ts';
import { ApiFixture } from '../../support/api-fixture.ts';

/** A deployed API, and the server of a console that passes calls on to it. */
let deployed: ApiServer;
let server: ApiServer;
beforeAll(async () => {
  deployed = await serveApi(api, (await ApiFixture.published('deployed-run')).services, 0);
  server = await serveApi(api, new ApiFixture().services, 0, { answerPage: forwardToApi(`${deployed.url}/`) });
});
afterAll(async () => {
  await server?.close();
  await deployed?.close();
});

const post = (origin: string) =>
  fetch(`${server.url}/v1/recommendations?strict=true`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: '{"viewed": ["P0"], "count": 1}',
  });

test('passes on GET and POST with their queries and bodies', async () => {
  const page = await (await fetch(`${server.url}/v1/products?limit=1`)).json();
  expect(page).toMatchObject({ modelVersion: 'deployed-run', items: [{ productId: 'P0' }] });
  expect(await (await post(server.url)).json()).toMatchObject({ items: [{ productId: 'P1' }] });
});

test('passes on what the API refuses, as it says it', async () => {
  const response = await fetch(`${server.url}/v1/products?limti=1`);
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect(await response.text()).toContain('Did you mean');
});

test('an answer that the page has already is not sent again', async () => {
  const { headers } = await fetch(`${server.url}/v1/clusters`);
  const again = await fetch(`${server.url}/v1/clusters`, { headers: { 'if-none-match': headers.get('etag')! } });
  expect(again.status).toBe(304);
});

test('calls in the name of the operator only for the page that it sent itself', async () => {
  expect((await post('https://evil.example')).status).toBe(403);
});

test('says that the deployed API does not answer', async () => {
  const gone = await serveApi(api, new ApiFixture().services, 0, { answerPage: forwardToApi('http://127.0.0.1:9') });
  const response = await fetch(`${gone.url}/v1/model`);
  expect([response.status, await response.json()]).toMatchObject([502, { title: 'The deployed API did not answer' }]);
  await gone.close();
});

test('says so when the deployed API breaks off in the middle of an answer', async () => {
  const broken = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"half":', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(broken, 'listening');
  const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
  const front = await serveApi(api, new ApiFixture().services, 0, { answerPage: forwardToApi(url) });
  const response = await fetch(`${front.url}/v1/model`);
  expect([response.status, await response.json()]).toMatchObject([502, { title: 'The deployed API did not answer' }]);
  await front.close();
  broken.close();
});

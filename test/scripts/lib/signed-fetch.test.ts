import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchSigned } from '../../../scripts/lib/signed-fetch.ts';

let seen: IncomingHttpHeaders[];
let refuse: boolean;
const server = createServer((request, response) => {
  seen.push(request.headers);
  response.writeHead(refuse && request.headers.authorization === undefined ? 403 : 200).end('{}');
});

beforeEach(async () => {
  seen = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await once(server, 'close');
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/products/A13/recommendations?count=5`;

// That the signature is right is seen by the cloud test, whose API checks it.
describe('fetchSigned', () => {
  test('GIVEN an API that answers everybody THEN no credentials leave this machine', async () => {
    refuse = false;
    expect((await fetchSigned(url())).status).toBe(200);
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('GIVEN an API that refuses THEN the call is signed for execute-api in the region, and made again', async () => {
    refuse = true;
    expect((await fetchSigned(url())).status).toBe(200);
    expect(seen).toHaveLength(2);
    expect(seen[1].authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/,
    );
  });
});

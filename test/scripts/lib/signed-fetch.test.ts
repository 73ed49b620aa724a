import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchSigned } from '../../../scripts/lib/signed-fetch.ts';

const SECRET = 'secret';
let seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];
let refuse: boolean;
const server = createServer((request, response) => {
  seen.push(request);
  response.writeHead(refuse && request.headers.authorization === undefined ? 403 : 200).end('{}');
});

beforeEach(async () => {
  seen = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await once(server, 'close');
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/products/A13/recommendations?count=5`;

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** SigV4 of what arrived: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ method, url, headers }: (typeof seen)[number]): string {
  const [, date, region, service, signed] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(headers.authorization!)!;
  const [path, query = ''] = url!.split('?');
  const canonical = [
    method,
    path.split('/').map(encodeURIComponent).join('/'),
    query
      .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .split('&')
      .sort()
      .join('&'),
    ...signed.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    signed,
    headers['x-amz-content-sha256'] ?? sha256(''),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, toSign).toString('hex');
}

describe('fetchSigned', () => {
  test('GIVEN an API that answers everybody THEN no credentials leave this machine', async () => {
    refuse = false;
    expect((await fetchSigned(url())).status).toBe(200);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('GIVEN an API that refuses THEN the call is signed for execute-api in the region, and made again', async () => {
    refuse = true;
    expect((await fetchSigned(url())).status).toBe(200);
    expect(seen).toHaveLength(2);
    expect(seen[1].headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/,
    );
  });

  test.each([
    '/v1/products/A13/recommendations?count=5',
    '/v1/products/A13/recommendations?exclude=B&exclude=A&fields=title&fields=price',
    '/v1/products/a%2520b/recommendations?filter=brand%3AAcme%20AND%20price%3C20&explain=true',
    '/v1/products?query=%C3%BC%2B%26&fields=*',
    '/v1/model',
  ])('GIVEN %s THEN the signature is of what arrives', async (target) => {
    refuse = true;
    await fetchSigned(new URL(target, url()).href);
    expect(seen[1].headers.authorization).toContain(`Signature=${signatureOf(seen[1])}`);
  });
});

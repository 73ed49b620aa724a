import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, askForRecommendations } from '../../../scripts/recommend/ask.ts';

const ANSWER = {
  productId: 'A13',
  strategy: 'embedding',
  modelVersion: 'run-1',
  recommendationId: 'r',
  items: [{ productId: 'A16', rank: 1, score: 0.93, source: 'model' }],
};

let server: Server;
let url: string;
let asked: string[];
let answer: { status: number; body: string };

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: JSON.stringify(ANSWER) };
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('the question', () => {
  it.each([
    [{ productId: 'A13' }, '/v1/products/A13/recommendations'],
    [{ productId: 'A13', count: 3, strategy: 'embedding', seed: 0 }, '?count=3&strategy=embedding&seed=0'],
    [{ productId: 'A13', seed: undefined }, '/v1/products/A13/recommendations'],
    [{ productId: 'a/b c' }, '/v1/products/a%2Fb%20c/recommendations'],
    // Twice, because API Gateway would cut or refuse the path otherwise.
    [{ productId: '50%?' }, '/v1/products/50%2525%253F/recommendations'],
    [{ productId: '..' }, '/v1/products/%252E%252E/recommendations'],
  ])('%j asks for …%s', async (question, expected) => {
    expect(await askForRecommendations(url, question)).toEqual(ANSWER);
    expect(asked[0].endsWith(expected)).toBe(true);
  });

  it('takes the address with a trailing slash and with a stage', async () => {
    await askForRecommendations(`${url}/prod/`, { productId: 'A13' });
    expect(asked).toEqual(['/prod/v1/products/A13/recommendations']);
  });
});

describe('an error', () => {
  it.each([
    [
      "of Alike's: its title and detail",
      {
        status: 400,
        body: JSON.stringify({ type: 'urn:x', title: 'The request is not valid', detail: 'query "count"' }),
      },
      'answered 400: The request is not valid. query "count"',
    ],
    [
      "of API Gateway's: its message",
      { status: 429, body: '{"message":"Too Many Requests"}' },
      'answered 429: Too Many Requests',
    ],
    [
      'that is no JSON: its text',
      { status: 502, body: '<h1>Bad gateway</h1>' },
      'answered 502: "<h1>Bad gateway</h1>"',
    ],
    [
      'of another server: what it said',
      { status: 200, body: '<h1>It works!</h1>' },
      'check --url. Found: "<h1>It works!',
    ],
    ['of another API: what it said', { status: 200, body: '{"ok":true}' }, 'Found: "{\\"ok\\":true}"'],
  ])('%s', async (_, bad, message) => {
    answer = bad;
    const refused = askForRecommendations(url, { productId: 'A13' });
    await expect(refused).rejects.toThrow(ApiError);
    await expect(refused).rejects.toThrow(message);
  });

  it('of an API that wants a signature, without credentials: how to get some', async () => {
    for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_'))) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    answer = { status: 403, body: '{"message":"Forbidden"}' };
    await expect(askForRecommendations(url, { productId: 'A13' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/403.*no AWS credentials.*AWS_PROFILE/s),
    });
    vi.unstubAllEnvs();
  });

  it('without a server: the address and the reason', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(askForRecommendations(url, { productId: 'A13' })).rejects.toThrow(
      /Cannot reach http.*ECONNREFUSED.*--url/,
    );
  });
});

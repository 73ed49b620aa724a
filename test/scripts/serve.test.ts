import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { publish } from '../support/published-model.ts';
import { runScript } from '../support/run-script.ts';

const ROOT = join(import.meta.dirname, '../..');

let workspace: string;
let npm: ChildProcess | undefined;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-serve-'));
  await publish(await openArtifactStore(pathToFileURL(workspace).href), 'run-1');
});
afterEach(async () => {
  npm?.kill('SIGTERM');
  await rm(workspace, { recursive: true });
});

/** As a person starts it. @returns its address. */
async function npmRunServe(...argv: string[]): Promise<string> {
  npm = spawn('npm', ['run', '--silent', 'serve', '--', '--workspace', workspace, '--port', '0', ...argv], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(npm.stdout!, 'data');
  return /on (http:\/\/127\.0\.0\.1:\d+)/.exec(String(text))![1];
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npm run serve lets the request that has begun have its answer, then it exits with 0',
  async (signal) => {
    const url = await npmRunServe();
    const body = JSON.stringify({ viewed: ['P0'], count: 1 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const closed = once(socket, 'close');
    socket.write(
      `POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    // Another request's answer says that the server has seen the first half.
    await fetch(`${url}/v1/health`);
    const exited = once(npm!, 'exit');
    npm!.kill(signal);
    await expect.poll(() => fetch(`${url}/v1/health`).catch(() => 'refused'), { timeout: 10_000 }).toBe('refused');
    socket.write(body.slice(10));
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*"productId":"P1"/s);
    expect(await exited).toEqual([0, null]);
  },
  30_000,
);

test('several threads answer on one port, and all end with it', async () => {
  const url = await npmRunServe('--workers', '3');
  // Each on a connection of its own, which the system deals out.
  const answers = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const response = await fetch(`${url}/v1/products/P0/recommendations?count=1`, {
        headers: { connection: 'close' },
      });
      return ((await response.json()) as { items: { productId: string }[] }).items[0].productId;
    }),
  );
  expect(new Set(answers)).toEqual(new Set(['P1']));
  const exited = once(npm!, 'exit');
  npm!.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await expect(fetch(`${url}/v1/health`)).rejects.toThrow();
}, 30_000);

test('a port that another serve shares among its threads is taken', async () => {
  const { port } = new URL(await npmRunServe('--workers', '2'));
  const { exitCode, stderr } = await runScript('serve.ts', '--workspace', workspace, '--port', port, '--workers', '2');
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`Port ${port} is in use: stop what listens there`);
}, 30_000);

/** The case api-cors-local. */
test('--cors-origin lets pages of that origin ask, and no other', async () => {
  const url = await npmRunServe('--cors-origin', 'http://localhost:5173', '--cors-origin', 'https://shop.example');
  const allowedFor = async (origin: string, init: RequestInit = {}) => {
    const headers = { origin, 'access-control-request-method': 'POST', 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/recommendations`, { ...init, headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  const post = { method: 'POST', body: '{"viewed": ["P0"]}' };
  expect(await allowedFor('http://localhost:5173', { method: 'OPTIONS' })).toEqual([204, 'http://localhost:5173']);
  expect(await allowedFor('https://shop.example', post)).toEqual([200, 'https://shop.example']);
  expect(await allowedFor('https://evil.example', post)).toEqual([200, null]);
  const { headers } = await fetch(`${url}/v1/products/P0/recommendations`, {
    headers: { origin: 'https://shop.example' },
  });
  expect([headers.get('access-control-expose-headers'), headers.get('vary')]).toEqual([
    'etag',
    expect.stringMatching(/^origin/),
  ]);
  const known = { 'if-none-match': headers.get('etag')! };
  expect((await fetch(`${url}/v1/products/P0/recommendations`, { headers: known })).status).toBe(304);
}, 30_000);

test.each(['localhost:5173', 'https://shop.example/', 'https://shop.example/page', 'null'])(
  'refuses the origin %s',
  async (origin) => {
    const { exitCode, stderr } = await runScript('serve.ts', '--workspace', workspace, '--cors-origin', origin);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Give an origin, which is a scheme and a host without a path');
  },
  30_000,
);

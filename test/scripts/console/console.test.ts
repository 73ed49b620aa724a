import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { serveWorkspace, type WorkspaceServer } from '../../../scripts/lib/serve-workspace.ts';
import { publish } from '../../support/published-model.ts';

let workspace: string;
let server: WorkspaceServer;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-console-'));
  const store = await openArtifactStore(pathToFileURL(workspace).href);
  await publish(store, 'run-1');
  await publish(store, 'run-2', { previous: 'run-1' });
  server = await serveWorkspace(workspace, 0);
  await server.consoleReady();
});
afterAll(async () => {
  await server?.close();
  await rm(workspace, { recursive: true });
});

/** `fetch` sends no Host of one's own. */
function statusWithHost(host: string, path: string, origin = `http://${host}`): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host, origin, 'content-type': 'application/json' };
    const call = request(`${server.url}${path}`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    call.on('error', reject);
    call.end('{"liveRunId": "run-2"}');
  });
}

describe('pages', () => {
  test.each(['/', '/explore?viewed=A5', '/runs', '/shop', '/runs/run-1'])('%s is the console', async (path) => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('<div id="app">');
  });

  test('load nothing from elsewhere and run no script of their own text', async () => {
    const response = await fetch(`${server.url}/`);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  });

  test('a file is kept for good, the page is asked for anew', async () => {
    const response = await fetch(`${server.url}/`);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const script = /src="(\/assets\/[^"]+)"/.exec(await response.text())![1];
    const file = await fetch(`${server.url}${script}`);
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect(file.headers.get('content-encoding')).toMatch(/br|gzip/);
    const again = await fetch(`${server.url}/`, { headers: { 'if-none-match': response.headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  test.each([
    ['GET', '/assets/none.js', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/assets/../../package.json', 404],
    ['POST', '/', 404],
    ['GET', '/v1/health', 200],
  ])('%s %s is answered with %d', async (method, path, status) => {
    expect((await fetch(`${server.url}${path}`, { method })).status).toBe(status);
  });
});

describe('what writes', () => {
  const port = () => new URL(server.url).port;

  test.each([
    ['a page from elsewhere', () => [`127.0.0.1:${port()}`, 'https://evil.example']],
    ['a name that was made to point here', () => [`evil.example:${port()}`, `http://evil.example:${port()}`]],
  ])('%s is refused', async (_, names) => {
    const [host, origin] = names();
    expect(await statusWithHost(host, '/console/rollback', origin)).toBe(403);
  });

  test('a call without Origin is refused', async () => {
    expect((await fetch(`${server.url}/console/rollback`, { method: 'POST', body: '{}' })).status).toBe(403);
  });

  const act = async (path: string, body: unknown) => {
    const response = await fetch(`${server.url}/console/${path}`, {
      method: 'POST',
      headers: { origin: server.url },
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };

  test.each([
    ['promote', {}, 400],
    ['promote', { liveRunId: 'run-2' }, 400],
    ['rollback', { runId: 'run-1', liveRunId: 'run-2' }, 400],
    ['promote', { runId: 'none', liveRunId: 'run-2' }, 404],
    ['promote', { runId: 'run-1', liveRunId: 'run-1' }, 409],
    ['promote', 'x'.repeat(5_000), 400],
  ])('%s of %j is answered with %d', async (path, body, status) => {
    expect(await act(path, body)).toEqual([status, { title: expect.any(String), detail: expect.any(String) }]);
  });

  test('rolls back and promotes', async () => {
    expect(await act('rollback', { liveRunId: 'run-2' })).toEqual([200, { runId: 'run-1', before: 'run-2' }]);
    expect(await act('promote', { runId: 'run-2', liveRunId: 'run-1' })).toEqual([
      200,
      { runId: 'run-2', before: 'run-1' },
    ]);
  });
});

describe('rules that are not published', () => {
  const under = async (draft: unknown, path = '/v1/products/P0/recommendations?count=3&explain=true') => {
    const text = typeof draft === 'string' ? draft : JSON.stringify(draft);
    const response = await fetch(`${server.url}/console/drafts/${Buffer.from(text).toString('base64url')}${path}`);
    // biome-ignore lint/suspicious/noExplicitAny: an answer is compared as it is
    return { status: response.status, answer: (await response.json()) as any };
  };
  // biome-ignore lint/suspicious/noExplicitAny: an answer is compared as it is
  const idsOf = ({ items }: any): string[] => items.map(({ productId }: { productId: string }) => productId);

  test('are tried on the API, and change nothing', async () => {
    const path = '/v1/products/P0/recommendations?count=3';
    const before = idsOf(await (await fetch(`${server.url}${path}`)).json());
    const { status, answer } = await under({ type: 'exclude', products: [before[0]] });
    expect(status).toBe(200);
    expect(idsOf(answer)).not.toContain(before[0]);
    const pinned = await under([
      { type: 'exclude', products: [before[0]] },
      { type: 'pin', product: before[2], position: 1 },
    ]);
    expect(pinned.answer.items[0]).toMatchObject({ productId: before[2], source: 'pinned' });
    expect(pinned.answer.items[0].why.rules).toEqual([{ rule: 'draft-2', type: 'pin' }]);
    expect(idsOf(await (await fetch(`${server.url}${path}`)).json())).toEqual(before);
  });

  test.each([
    ['{', 'the draft is not JSON'],
    [{ type: 'lift', products: ['P1'] }, 'one of require, exclude, boost, bury, pin, diversify'],
    [{ type: 'boost', products: 'brand:X', factor: 2 }, 'catalogue'],
    ['7', 'rules[0] "draft-1".type: found nothing'],
  ])('%j is refused with what is wrong', async (draft, said) => {
    const { status, answer } = await under(draft);
    expect({ status, detail: answer.detail }).toEqual({ status: 400, detail: expect.stringContaining(said) });
  });
});

describe('other runs', () => {
  test('the whole API answers over each, whatever is live', async () => {
    const model = await (await fetch(`${server.url}/console/runs/run-1/v1/model`)).json();
    expect(model).toMatchObject({ modelVersion: 'run-1', productCount: 23 });
    const path = '/v1/products/P0/recommendations?count=1';
    const answer = await (await fetch(`${server.url}/console/runs/run-1${path}`)).json();
    expect(answer).toMatchObject({ modelVersion: 'run-1', items: [{ productId: 'P1' }] });
  });

  test('a run that is not there is told', async () => {
    const response = await fetch(`${server.url}/console/runs/none/v1/model`);
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { detail: 'Run "none" does not exist or did not finish: it has no model.' },
    ]);
  });
});

describe('downloads', () => {
  test('an artifact comes as it is, under its name', async () => {
    const response = await fetch(`${server.url}/console/artifacts/runs/run-1/manifest.json`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="manifest.json"');
    expect(await response.json()).toMatchObject({ runId: 'run-1' });
  });

  test.each(['current.json', 'runs/run-1/nothing.json', 'runs/none/manifest.json', '..%2Fpackage.json', '%'])(
    '%s is not given',
    async (key) => {
      expect((await fetch(`${server.url}/console/artifacts/${key}`)).status).toBe(404);
    },
  );
});

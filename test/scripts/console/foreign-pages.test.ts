import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../../lambdas/recommend/api.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { serveStage } from '../../../scripts/console/serve-stage.ts';
import { type ApiServer, serveApi } from '../../../scripts/lib/serve-api.ts';
import { serveWorkspace } from '../../../scripts/lib/serve-workspace.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { publish } from '../../support/published-model.ts';

/** What a name that was made to point at this machine (DNS rebinding), or a page from elsewhere, must not be told. */
let workspace: string;
let deployed: ApiServer;
const servers: Record<'serve' | 'stage', ApiServer | undefined> = { serve: undefined, stage: undefined };
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-foreign-'));
  await publish(await openArtifactStore(pathToFileURL(workspace).href), 'run-1');
  servers.serve = await serveWorkspace(workspace, 0);
  deployed = await serveApi(api, (await ApiFixture.published('deployed-run')).services, 0);
  servers.stage = await serveStage('test', { apiUrl: deployed.url, bucket: 'none' }, 0, { write() {} });
}, 60_000);
afterAll(async () => {
  await Promise.all([servers.serve?.close(), servers.stage?.close(), deployed?.close()]);
  await rm(workspace, { recursive: true });
});

type Asked = { method?: string; host?: string; origin?: string };

function statusOf({ url }: ApiServer, target: string, { method = 'GET', host, origin }: Asked): Promise<number> {
  const { port, host: ownHost } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = {
      host: host ?? ownHost,
      'content-type': 'application/json',
      ...(origin !== undefined && { origin }),
    };
    const call = request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    call.on('error', reject);
    call.end(method === 'POST' ? '{"viewed": ["P0"]}' : undefined);
  });
}

const encoded = (text: string) => [...text].map((sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`).join('');

/** Each is either the path, whose answer is 403, or no route at all. */
const spellings = (path: string) => [
  path,
  path.replace(/\w/, encoded),
  path.replace(/\w/g, encoded),
  path.replace(/(?<=.)\//g, encoded),
  `http://evil.example${path}`,
  `HTTP://evil.example${path.replace(/\w/, encoded)}`,
  `/${path}`,
  `/.${path}`,
  `/x/..${path}`,
  path.replace(/(?<=.)\//, '//'),
  path.replace(/(?<=.)\//, '/./'),
  path.replace(/(?<=.)\//, '/%2e%2e/'),
];

const GUARDED: [keyof typeof servers, string, string][] = [
  ['serve', 'GET', '/console/session'],
  ['serve', 'GET', '/console/bare/live/v1/model'],
  ['serve', 'GET', '/console/runs/run-1/v1/model'],
  ['serve', 'GET', '/console/artifacts/runs/run-1/manifest.json'],
  ['serve', 'POST', '/console/promote'],
  ['serve', 'POST', '/console/bare/live/v1/recommendations'],
  ['stage', 'GET', '/v1/model'],
  ['stage', 'GET', '/console/session'],
  ['stage', 'GET', '/console/bare/live/v1/model'],
  ['stage', 'POST', '/v1/recommendations'],
  ['stage', 'POST', '/console/rollback'],
  ['stage', 'POST', '/console/runs/run-1/v1/recommendations'],
];

describe.each(GUARDED)('on %s, %s %s', (which, method, path) => {
  test.each(spellings(path))('by another name is not answered: %s', async (target) => {
    const server = servers[which]!;
    const host = `evil.example:${new URL(server.url).port}`;
    const asked = { method, host, origin: `http://${host}` };
    expect([403, 404]).toContain(await statusOf(server, target, asked));
    expect(await statusOf(server, path, asked)).toBe(403);
  });

  if (method === 'POST')
    test.each(spellings(path))('for a page from elsewhere is not answered: %s', async (target) => {
      const asked = { method, origin: 'https://evil.example' };
      expect([403, 404]).toContain(await statusOf(servers[which]!, target, asked));
    });
});

test.each<[keyof typeof servers, string]>([
  ['serve', '/%63onsole/session'],
  ['serve', '/console/bare/live/%761/model'],
  ['stage', '/%761/model'],
  ['stage', '/%63onsole/session'],
])('on %s, the own page is answered %s, with its host before it or not', async (which, target) => {
  const server = servers[which]!;
  for (const form of [target, server.url + target]) expect(await statusOf(server, form, {})).toBe(200);
});

test('who is no page may ask another run', async () => {
  expect(await statusOf(servers.serve!, '/console/runs/run-1/v1/recommendations', { method: 'POST' })).toBe(200);
});

test('an absolute target by another name is refused, whatever its Host', async () => {
  expect(await statusOf(servers.serve!, 'http://evil.example/console/session', {})).toBe(403);
});

test('a stage is asked for what the path says, whatever the target says of a host', async () => {
  const { url } = servers.stage!;
  for (const target of ['%2Fv1%2F@evil.example/x', '*', '/v1@evil.example/x'])
    expect([400, 404]).toContain(await statusOf(servers.stage!, target, { origin: url }));
});

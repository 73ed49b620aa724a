import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promoteRun } from '../../lambdas/shared/runs/promotion.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../scripts/lib/workspace.ts';
import { runScript } from '../support/run-script.ts';
import { serveScript } from '../support/serve-script.ts';
import { isShort, tally } from './support/tally.ts';

const SECONDS = isShort ? 12 : 180;
const CALLERS = 8;
const PUBLISH_EVERY_MS = 200;
const PRODUCTS = ['A1', 'A2', 'A3', 'A4', 'B1', 'B2'];

interface Answer {
  modelVersion: string;
  items: unknown;
}

let folder: string;
let store: ArtifactStore;
let runs: string[];
let server: Awaited<ReturnType<typeof serveScript>> | undefined;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-load-'));
  const data = join(folder, 'sample.csv');
  await runScript('sample.ts', '--out', data, '--sessions', '600', '--products', '40');
  runs = [];
  for (const seed of ['1', '2']) {
    const { exitCode, stdout } = await runScript(
      'train.ts',
      ...['--data', data, '--format', 'eshop', '--preset', 'layer', '--set', `seed=${seed}`, '--force'],
      ...['--workspace', folder, '--json'],
    );
    expect(exitCode).toBe(0);
    runs.push(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).runId);
  }
  store = await openArtifactStore(workspaceUri(folder));
  server = await serveScript(folder, ['--import', join(import.meta.dirname, 'support/fast-clock.ts')]);
  url = server.url;
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test(`${SECONDS} s of requests while the live run changes every ${PUBLISH_EVERY_MS} ms: none fails, none mixes two models`, async () => {
  const known = new Map<string, string>();
  for (const runId of runs) {
    await promoteRun(store, runId, new Date().toISOString());
    for (const product of PRODUCTS) known.set(`${runId} ${product}`, JSON.stringify(await itemsOf(runId, product)));
  }

  const seen = new Map<string, number>();
  const lost: string[] = [];
  let publishes = 0;
  const untilMs = performance.now() + SECONDS * 1_000;
  const isOver = () => performance.now() >= untilMs;
  const publish = async () => {
    while (!isOver()) {
      await promoteRun(store, runs[publishes++ % runs.length], new Date().toISOString());
      await sleep(PUBLISH_EVERY_MS);
    }
  };
  const call = async (caller: number) => {
    for (let i = caller; !isOver(); i++) {
      const product = PRODUCTS[i % PRODUCTS.length];
      try {
        const { modelVersion, items } = await ask(product);
        seen.set(modelVersion, (seen.get(modelVersion) ?? 0) + 1);
        if (JSON.stringify(items) !== known.get(`${modelVersion} ${product}`))
          lost.push(`${modelVersion} answered ${JSON.stringify(items)} for ${product}`);
      } catch (error) {
        lost.push(String(error));
      }
    }
  };
  await Promise.all([publish(), ...Array.from({ length: CALLERS }, (_, caller) => call(caller))]);

  const requests = [...seen.values()].reduce((sum, count) => sum + count, 0);
  tally({
    fault: 'publish under load',
    injected: publishes,
    survived: publishes - Math.min(publishes, lost.length),
    lost: lost.length,
    remark: `${requests.toLocaleString('en')} requests, ${[...seen.values()].join(' and ')} by each run; none failed, none mixed`,
  });
  expect(lost.slice(0, 5)).toEqual([]);
  expect([...seen.keys()].sort()).toEqual(runs.toSorted());
});

/** Each worker of the server takes up a new run by itself: ask until one answers that has. */
async function itemsOf(runId: string, product: string): Promise<unknown> {
  for (;;) {
    const { modelVersion, items } = await ask(product);
    if (modelVersion === runId) return items;
    await sleep(50);
  }
}

async function ask(product: string): Promise<Answer> {
  const response = await fetch(`${url}/v1/products/${product}/recommendations?count=5`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

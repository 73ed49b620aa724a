import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rollBackCatalogue } from '../../../lambdas/shared/catalogue/current-catalogue.ts';
import { promoteRun } from '../../../lambdas/shared/runs/promotion.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { loadLocally } from '../../../scripts/catalogue/load-locally.ts';
import { trainLocally } from '../../../scripts/lib/train-locally.ts';
import { trainingRequestOf } from '../../../scripts/lib/training-options.ts';
import { workspaceUri } from '../../../scripts/lib/workspace.ts';
import { clickstream } from '../../../scripts/sample/clickstream.ts';
import { sampleFeed } from '../../../scripts/sample/feed.ts';
import { isOwnCatalogueLive, madeUpFiles } from '../../../scripts/sample/made-up-shop.ts';
import { runScript } from '../../support/run-script.ts';

/** As `npm start` leaves a workspace, but smaller. */
const SIZE = { sessions: 600, products: 40, seed: 1 };

let folder: string;
let workspace: string;
let ownClicks: string;
let madeUpRun: string;

async function train(data: string, force = false) {
  let shown = '';
  const screen = { write: (text: string) => (shown += text) };
  const request = trainingRequestOf({ data, format: 'eshop', preset: 'layer', set: {}, force });
  const summary = await trainLocally(request, workspace, screen);
  return { summary, shown };
}

async function pointer(name: string): Promise<Record<string, string | null> | undefined> {
  const text = await readFile(join(workspace, name), 'utf8').catch(() => undefined);
  return text && JSON.parse(text);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-made-up-'));
  workspace = join(folder, 'shop');
  const { clicks, feed } = madeUpFiles(workspace);
  await mkdir(dirname(clicks), { recursive: true });
  await writeFile(clicks, [...clickstream(SIZE)].join(''));
  await writeFile(feed, [...sampleFeed(SIZE)].join(''));
  ownClicks = join(folder, 'clicks.csv');
  const own = [...clickstream({ sessions: 300, products: 12, seed: 2 })].join('');
  await writeFile(ownClicks, own.replaceAll(/;([A-Z]\d+);/g, ';own-$1;'));
  await loadLocally(feed, workspace, { kind: 'full' });
  madeUpRun = (await train(clicks)).summary.live!;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the made-up shop is trained again as before', async () => {
  const again = await train(madeUpFiles(workspace).clicks, true);
  expect(again.shown).not.toContain('makes way');
  expect(await pointer('current.json')).toMatchObject({ runId: again.summary.runId, previous: madeUpRun });
  madeUpRun = again.summary.runId;
}, 120_000);

test('a run that cannot read its clicks leaves the made-up shop live', async () => {
  const columns = { session: ['x'], product: 'y', order: 'z' };
  const request = trainingRequestOf({ data: ownClicks, ...columns, preset: 'layer', set: {} });
  await expect(trainLocally(request, workspace, { write() {} })).rejects.toThrow('ingest');
  expect(await pointer('current.json')).toMatchObject({ runId: madeUpRun });
  expect(await pointer('catalogue/current.json')).toBeDefined();
}, 120_000);

test('no delta changes the made-up catalogue', async () => {
  const delta = join(folder, 'prices.csv');
  await writeFile(delta, 'id,price\nown-A1,5\n');
  await expect(loadLocally(delta, workspace, { kind: 'delta' })).rejects.toThrow(
    /^The catalogue \S+ in \S+ is a sample, and prices\.csv has nothing of yours to change: load a full feed first\.$/,
  );
}, 120_000);

test('it makes way for a feed, and then for a run: the first of its own', async () => {
  const feed = join(folder, 'products.csv');
  const madeUpCatalogue = (await pointer('catalogue/current.json'))!['version'];
  const store = await openArtifactStore(workspaceUri(workspace));
  expect(await isOwnCatalogueLive(store, workspace)).toBe(false);
  await writeFile(feed, 'id,title\nown-A1,One\nown-A2,Two\n');
  const loaded = await runScript('catalogue.ts', feed, '--workspace', workspace);
  expect(loaded).toMatchObject({ exitCode: 0, stderr: '' });
  expect(loaded.stdout).toMatch(/is live: 2 products\.\nNote: The sample catalogue \S+ makes way for it\.\n/);
  expect(loaded.stdout).not.toContain('Are the ids the same');
  expect(await pointer('catalogue/current.json')).toMatchObject({ previous: madeUpCatalogue });
  expect(await isOwnCatalogueLive(store, workspace)).toBe(true);

  const { summary, shown } = await train(ownClicks);
  expect(shown).toContain(
    `The live run ${madeUpRun} was trained on the made-up shop of "npm start" and makes way: until this one is live, a server that is running goes on with it`,
  );
  expect(shown).not.toContain('live catalogue');
  expect(await pointer('current.json')).toMatchObject({ runId: summary.runId, previous: null });
}, 120_000);

test('brought back, it makes way again, and its catalogue as well where the shop has no other', async () => {
  const store = await openArtifactStore(workspaceUri(workspace));
  const now = new Date().toISOString();
  await promoteRun(store, madeUpRun, now);
  await rollBackCatalogue(store, now);
  const { summary, shown } = await train(ownClicks);
  expect(shown).toMatch(
    /The live catalogue \S+ is that of the made-up shop and makes way: load your own with "npm run/,
  );
  expect(summary.stages['plan'].counts).not.toHaveProperty('listedProducts');
  expect(await pointer('catalogue/current.json')).toBeUndefined();
  expect(await pointer('current.json')).toMatchObject({ runId: summary.runId, previous: null });
}, 120_000);

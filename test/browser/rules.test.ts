import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';

/** What a merchandiser sees of rules, and of shelves that they empty. */
let browser: Browser;
let server: Awaited<ReturnType<typeof serveShop>>;
beforeAll(async () => {
  server = await serveShop(inject('workspace'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function openWith(path: string, answers: Record<string, unknown> = {}): Promise<WatchedPage> {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  for (const [pattern, json] of Object.entries(answers)) {
    await page.route(pattern, (route: Route) => route.fulfill({ json }));
  }
  await page.goto(path, { waitUntil: 'networkidle' });
  return page;
}

const ruleIn = (rule: object) => `rule=${encodeURIComponent(JSON.stringify(rule))}`;

it('GIVEN a pinned product in the first place THEN the bars show the scores of the others', async () => {
  const pin = { type: 'pin', product: 'C5', position: 1 };
  const page = await openWith(`/explore?viewed=A5&strategy=blend&${ruleIn(pin)}`);
  const cards = page.getByRole('region', { name: 'blend, with the rule' }).getByRole('listitem');
  await expect.poll(() => cards.first().innerText()).toContain('pinned');
  const widths = await cards
    .locator('.score .fill')
    .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('width')));
  expect(widths.slice(0, 2)).toEqual(['0', '100']);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

it('GIVEN a rule that begins later THEN Explore says so', async () => {
  const later = { type: 'exclude', products: ['C5'], from: '2999-01-01' };
  const page = await openWith(`/explore?viewed=A5&strategy=blend&${ruleIn(later)}`);
  await expect
    .poll(() => page.locator('.rule .note').innerText())
    .toBe('Rule draft-1 is not in force now: it applies from 2999-01-01 (UTC).');
  await page.context().close();
});

it('GIVEN placements THEN what they give up and where rules apply is shown', async () => {
  const rule = {
    id: 'own',
    type: 'exclude',
    products: ['C5'],
    author: 'Ana',
    note: 'test',
    state: 'active',
    fault: null,
  };
  const placements = [
    { name: 'pdp', filter: 'price<20', relax: ['price', 'brand'], fault: null },
    { name: 'cart', rules: [], fault: null },
    { name: 'home', filter: 'season:winter', fault: 'The catalogue has no field "season".' },
  ];
  const rules = { rulesVersion: 'v1', publication: null, timeZone: 'UTC', placements, rules: [rule] };
  const page = await openWith('/catalogue', { '**/v1/rules': rules });
  await expect.poll(() => page.getByRole('row', { name: 'exclude own' }).innerText()).toContain('all but cart');
  expect(await page.getByRole('row', { name: 'pdp' }).innerText()).toContain('in this order: price, brand');
  expect(await page.getByRole('row', { name: 'home' }).innerText()).toContain('not applied');
  await page.context().close();
});

it('GIVEN a list that rules emptied THEN the shelf says so', async () => {
  const page = await openWith('/shop/products/A5', { '**/v1/products/A5/recommendations?**': { items: [] } });
  const shelf = page.getByRole('region', { name: 'Similar products' });
  await expect.poll(() => shelf.innerText()).toContain('There is nothing left to recommend.');
  expect(await shelf.getByRole('list').count()).toBe(0);
  await page.context().close();
});

it('GIVEN an id with signs of addresses THEN the call beside its shelf is the one that was made', async () => {
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().slice(server.url.length)));
  await page.goto(`/shop/products/${encodeURIComponent(encodeURIComponent('50% off?'))}`, { waitUntil: 'networkidle' });
  const [method, path] = (
    await page.getByRole('region', { name: 'Similar products' }).locator('code').innerText()
  ).split(' ');
  expect([method, asked.some((url) => url.startsWith(path))]).toEqual(['GET', true]);
  await page.context().close();
});

it('GIVEN clusters of one product THEN their axis counts no parts of products', async () => {
  const cluster = { size: 1, cohesion: 1, typical: ['A5'] };
  const items = [0, 1].map((clusterNo) => ({ clusterNo, ...cluster }));
  const page = await openWith('/clusters', { '**/v1/clusters': { modelVersion: inject('liveRun'), items } });
  const ticks = page.locator('svg[aria-label^="Products per cluster"] .tick[text-anchor="end"]');
  await expect.poll(() => ticks.allTextContents()).toEqual(['0', '1']);
  await page.context().close();
});

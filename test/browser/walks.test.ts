import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { accessibilityFaults, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';

/** What people do with the console, click by click. */
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

async function open(path: string): Promise<WatchedPage> {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  await page.goto(path, { waitUntil: 'networkidle' });
  return page;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is compared as it is
const getJson = async (path: string, init?: RequestInit): Promise<any> =>
  (await fetch(`${server.url}${path}`, init)).json();

/** What the search lists; a <select> has options, too. */
const found = (page: WatchedPage) => page.getByRole('listbox', { name: 'Products' });

test('the overview shows the figures of the report', async () => {
  const page = await open('/');
  const { report } = await getJson('/v1/model');
  await page.getByText('All metrics as a table').click();
  const row = page.getByRole('row', { name: 'popularity' });
  const { value, low, high } = report.evaluation.backtest.evaluations.popularity.asServed.gains['HR@20'];
  const shown = `${value.toFixed(3)}${low.toFixed(3)}–${high.toFixed(3)}`;
  expect((await row.innerText()).replaceAll(/\s/g, '')).toContain(shown);
  expect(
    await page
      .getByRole('region', { name: 'Verdict' })
      .or(page.locator('section', { hasText: 'Verdict' }))
      .first()
      .innerText(),
  ).toContain(report.verdict.reason);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('search, click through, build a session, go back', async () => {
  const page = await open('/explore');
  await page.getByRole('combobox', { name: 'Find a product' }).fill('a5');
  await expect.poll(() => found(page).getByRole('option').count()).toBe(1);
  await found(page).getByRole('option').first().click();
  await page.waitForURL('**/explore?viewed=A5');
  const blend = page.getByRole('region', { name: 'blend' });
  const first = blend.getByRole('listitem').first();
  const { items } = await getJson('/v1/products/A5/recommendations?count=5&strategy=blend');
  await expect
    .poll(() => blend.locator('.card-main .id').allInnerTexts())
    .toEqual(items.map(({ productId }: { productId: string }) => productId));
  await first.getByRole('button').click();
  await page.waitForURL(`**/explore?viewed=A5&viewed=${items[0].productId}`);
  const session = await getJson('/v1/recommendations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ viewed: ['A5', items[0].productId], count: 5, strategy: 'blend' }),
  });
  await expect
    .poll(() => blend.locator('.card-main .id').allInnerTexts())
    .toEqual(session.items.map(({ productId }: { productId: string }) => productId));
  await page.goBack();
  await page.waitForURL('**/explore?viewed=A5');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('the keyboard alone finds a product', async () => {
  const page = await open('/explore');
  await page.getByRole('combobox', { name: 'Find a product' }).focus();
  await page.keyboard.type('b1');
  await expect.poll(() => found(page).getByRole('option').first().innerText()).toContain('B1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/explore?viewed=B1*');
  await page.context().close();
});

test('Enter right after typing takes the first match of what was typed, once it has come', async () => {
  const page = await open('/explore');
  const field = page.getByRole('combobox', { name: 'Find a product' });
  await field.focus();
  await expect.poll(() => found(page).getByRole('option').count()).toBeGreaterThan(1);
  expect(await found(page).getByRole('option').first().innerText()).not.toContain('B1');
  await page.keyboard.type('b1');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/explore?viewed=*');
  expect(new URL(page.url()).searchParams.getAll('viewed')).toEqual(['B1']);

  // Who types on does not mean the first match any more.
  const arrived = Promise.withResolvers<void>();
  await page.route(/[?&]query=a/, async (route) => {
    await arrived.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(/[?&]query=a&|[?&]query=a$/);
  await page.keyboard.type('a');
  await page.keyboard.press('Enter');
  await asked;
  await page.keyboard.type('5');
  arrived.resolve();
  await expect.poll(() => found(page).getByRole('option').count()).toBe(1);
  expect(await found(page).getByRole('option').first().innerText()).toContain('A5');
  expect(new URL(page.url()).searchParams.getAll('viewed')).toEqual(['B1']);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('promotes a run and rolls back, each after saying what changes', async () => {
  const page = await open('/runs');
  const [live, ready] = [inject('liveRun'), inject('readyRun')];
  const rowOf = (runId: string) => page.getByRole('row').filter({ hasText: runId });
  await rowOf(ready).getByRole('button', { name: 'Promote' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toContain(live);
  expect(await dialog.innerText()).toContain(ready);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await getJson('/v1/runs')).items.find(({ status }: { status: string }) => status === 'live').runId).toBe(
    live,
  );

  await rowOf(ready).getByRole('button', { name: 'Promote' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Promote' }).click();
  await expect.poll(() => rowOf(ready).innerText()).toContain('live');
  await rowOf(live).getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect.poll(() => rowOf(live).innerText()).toContain('live');
  // The button that had the focus is gone.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Registry');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a run that another has moved meanwhile is not promoted unseen', async () => {
  const page = await open('/runs');
  const [live, ready] = [inject('liveRun'), inject('readyRun')];
  await page.getByRole('row').filter({ hasText: ready }).getByRole('button').click();
  const act = (path: string, body: object) =>
    fetch(`${server.url}/console/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify(body),
    });
  expect((await act('promote', { runId: ready, liveRunId: live })).status).toBe(200);
  await page.getByRole('dialog').getByRole('button').last().click();
  expect(await page.getByRole('alert').innerText()).toContain(`What is live has changed. Meanwhile ${ready} is live`);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('row').filter({ hasText: live }).getByRole('button').click();
  expect(await page.getByRole('definition').first().innerText()).toContain(ready);
  expect((await act('rollback', { liveRunId: ready })).status).toBe(200);
  await page.context().close();
});

test('the demo shop reacts to each click, and its cart to what lies in it', async () => {
  const page = await open('/shop');
  const shelf = (name: string) => page.getByRole('region', { name });
  expect(await shelf('Picked for this visit').count()).toBe(0);
  await shelf('Popular').getByRole('link').first().click();
  await page.waitForURL('**/shop/products/*');
  const first = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
  const productsOn = (name: string) =>
    shelf(name)
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => decodeURIComponent(link.getAttribute('href')!.split('/').at(-1)!)));
  const idsOf = ({ items }: { items: { productId: string }[] }) => items.map(({ productId }) => productId);
  const similar = await getJson(`/v1/products/${first}/recommendations?count=6`);
  await expect.poll(() => productsOn('Similar products')).toEqual(idsOf(similar));
  await page.getByRole('button', { name: 'Put it into the cart' }).click();
  await shelf('Similar products').getByRole('link').nth(2).click();
  const session = await getJson('/v1/recommendations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ viewed: [first, similar.items[2].productId], count: 6 }),
  });
  await expect.poll(() => productsOn('Picked for this visit')).toEqual(idsOf(session));
  await page.getByRole('link', { name: 'Cart (1)' }).click();
  await expect.poll(() => productsOn('Goes with your cart')).toHaveLength(6);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('the map: keys zoom, a click selects, the neighbours are those of the original space, whatever is served', async () => {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  // As under a rule that leaves one product and boosts it.
  await page.route(/^[^/]*\/\/[^/]*\/v1\/products\/[^/]+\/recommendations/, (route) =>
    route.fulfill({ json: { productId: 'A5', items: [{ productId: 'B1', rank: 1, score: 2.077, source: 'model' }] } }),
  );
  await page.goto('/map?product=A5', { waitUntil: 'networkidle' });
  const vectorOf = async (id: string): Promise<number[]> => (await getJson(`/v1/products/${id}?vector=true`)).vector;
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const query = await vectorOf('A5');
  const { productIds }: { productIds: string[] } = await getJson('/v1/map');
  const others = productIds.filter((id) => id !== 'A5');
  const cosines = await Promise.all(others.map(async (id) => ({ id, cosine: cosine(query, await vectorOf(id)) })));
  const nearest = cosines.sort((a, b) => b.cosine - a.cosine).slice(0, 10);
  const table = page.getByRole('table');
  await expect.poll(() => table.getByRole('rowheader').allInnerTexts()).toEqual(nearest.map(({ id }) => id));
  const shown = (await table.getByRole('cell').allInnerTexts()).map(Number);
  shown.forEach((figure, i) => {
    expect(figure).toBeCloseTo(nearest[i].cosine, 2);
  });
  expect(await page.locator('line.tie').count()).toBe(10);
  await page.getByRole('application').focus();
  for (const key of ['+', '+', 'ArrowLeft', 'ArrowUp', '0']) await page.keyboard.press(key);
  await table.getByRole('button').first().click();
  await page.waitForURL(`**/map?product=${nearest[0].id}`);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('another run stands beside the live one, and is asked itself', async () => {
  const ready = inject('readyRun');
  const page = await open(`/explore?viewed=A5&strategy=embedding&beside=${ready}`);
  const columns = page.getByRole('region', { name: /embedding/ });
  await expect.poll(() => columns.count()).toBe(2);
  const other = await getJson(`/console/runs/${ready}/v1/products/A5/recommendations?count=5&strategy=embedding`);
  await expect
    .poll(() => columns.nth(1).getByRole('listitem').locator('.number').allInnerTexts())
    .toEqual(other.items.map(({ score }: { score: number }) => score.toFixed(3)));
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('an artifact is downloaded as it is', async () => {
  const page = await open(`/runs/${inject('liveRun')}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'manifest', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('manifest.json');
  await page.context().close();
});

test('finds a product by its title, and filters beside the present state', async () => {
  const page = await open('/explore');
  await page.getByRole('combobox', { name: 'Find a product' }).fill('petit port silk blouse');
  await expect.poll(() => found(page).getByRole('option').first().innerText()).toContain('Silk blouse');
  await found(page).getByRole('option', { name: /^C5 / }).click();
  await page.waitForURL('**/explore?viewed=C5*');
  const filter = 'product_type:@ AND price<=@price';
  await page.getByRole('textbox', { name: 'Filter' }).fill(filter);
  await page.getByRole('button', { name: 'Apply' }).click();
  const blend = page.getByRole('region', { name: 'blend' });
  await expect.poll(() => blend.count()).toBe(2);
  const answerTo = (query: string) =>
    getJson(`/v1/products/C5/recommendations?count=5&strategy=blend${query}`).then(({ items }) =>
      items.map(({ productId }: { productId: string }) => productId),
    );
  const shown = (column: number) => blend.nth(column).locator('.card-main .id').allInnerTexts();
  await expect.poll(() => shown(0)).toEqual(await answerTo(''));
  await expect.poll(() => shown(1)).toEqual(await answerTo(`&filter=${encodeURIComponent(filter)}`));
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('tries a rule beside the present state, before anybody sees it', async () => {
  const page = await open('/explore?viewed=C5&strategy=blend');
  const { items } = await getJson('/v1/products/C5/recommendations?count=5&strategy=blend');
  await page.getByText('Try a rule').click();
  await page.getByRole('button', { name: 'exclude' }).click();
  const draft = { type: 'exclude', products: [items[0].productId] };
  await page.getByRole('textbox', { name: /^Rule/ }).fill(JSON.stringify(draft));
  await page.locator('.rule').getByRole('button', { name: 'Apply' }).click();
  const blend = page.getByRole('region', { name: 'blend' });
  await expect.poll(() => blend.count()).toBe(2);
  const shown = (column: number) => blend.nth(column).locator('.card-main .id').allInnerTexts();
  await expect.poll(() => shown(0)).toContain(items[0].productId);
  await expect.poll(async () => (await shown(1)).length).toBe(5);
  expect(await shown(1)).not.toContain(items[0].productId);
  expect(await accessibilityFaults(page)).toEqual([]);
  // The address holds it, and what is wrong with one is said.
  const broken = await open(`/explore?viewed=C5&strategy=blend&rule=${encodeURIComponent('{"type":"lift"}')}`);
  await expect.poll(() => broken.getByRole('alert').first().innerText()).toContain('boost');
  expect((await getJson('/v1/products/C5/recommendations?count=5&strategy=blend')).items).toEqual(items);
  expect(page.faults).toEqual([]);
  await page.context().close();
  await broken.context().close();
});

test('says what is wrong with a filter, in the words of the API', async () => {
  const page = await open('/explore?viewed=C5&strategy=blend&filter=prise<5');
  await expect.poll(() => page.getByRole('alert').first().innerText()).toContain('Did you mean "price"?');
  await page.context().close();
});

test('says once what is wrong with a rule, beside the present state', async () => {
  const rule = encodeURIComponent('{"type": "exlude", "products": ["C6"]}');
  const page = await open(`/explore?viewed=C5&strategy=blend&rule=${rule}`);
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('Did you mean "exclude"?');
  expect(await page.getByRole('alert').count()).toBe(1);
  expect(await page.getByRole('region', { name: 'blend' }).getByRole('listitem').count()).toBe(5);
  await page.context().close();
});

test('what is one is not many', async () => {
  const page = await openPage(browser, server.url);
  const items = [{ file: 'clicks.csv', line: 7, column: 'id', reason: 'it is empty', content: ';;' }];
  await page.route('**/rejected-rows?**', (route) =>
    route.fulfill({
      json: { rejectedRows: 1, reasons: [{ reason: 'it is empty', rows: 1 }], items, nextCursor: null },
    }),
  );
  await page.goto('/data');
  await expect.poll(() => page.getByText('1 row could not be used:').count()).toBe(1);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('the catalogue page says what each rule does, where and when', async () => {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  const signed = { author: 'Ana', note: 'advent', state: 'active', fault: null };
  const estimate = { value: 0.1, low: 0.1, high: 0.1 };
  const measured = { draft: estimate, difference: estimate };
  const placements = [
    {
      placement: null,
      count: { live: 5, draft: 8 },
      HR: measured,
      MRR: measured,
      coverage: measured,
      changedShare: 0.5,
    },
  ];
  await page.route('**/v1/rules', (route) =>
    route.fulfill({
      json: {
        rulesVersion: 'v1',
        publication: {
          publishedAt: '2026-11-26T10:00:00.000Z',
          author: 'Ana',
          note: 'advent',
          effect: { runId: inject('liveRun'), placements },
        },
        timeZone: 'Europe/Berlin',
        placements: [],
        rules: [
          { id: 'first', type: 'pin', product: 'A7', position: 2, placements: ['home', 'cart'], ...signed },
          { id: 'mixed', type: 'diversify', field: 'brand', most: 2, first: 10, ...signed },
        ],
      },
    }),
  );
  await page.goto('/catalogue', { waitUntil: 'networkidle' });
  const cellsOf = (id: string) => page.getByRole('row').filter({ hasText: id }).getByRole('cell').allInnerTexts();
  expect((await cellsOf('first')).slice(1, 3)).toEqual(['This stands at position 2: A7', 'home, cart']);
  const [, effect, where] = await cellsOf('mixed');
  expect([effect, where]).toEqual(['Of each brand, no more than 2 stand among the first 10.', 'all']);
  expect(await page.getByText('UTC: advent. Times are in Europe/Berlin.').count()).toBe(1);
  const bottom = await page
    .getByRole('region', { name: 'Rules', exact: true })
    .evaluate((element) => element.getBoundingClientRect().bottom);
  const heading = (await page.getByRole('heading', { name: 'Measured effect' }).boundingBox())!;
  expect(heading.y - bottom).toBeGreaterThan(12);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a value that is written from right to left stays beside its count', async () => {
  const page = await openPage(browser, server.url);
  await page.route('**/v1/catalogue?**', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.fields.find(({ values }: { values?: unknown }) => values !== undefined).values[0] = {
      value: 'שמלה',
      products: 12,
    };
    await route.fulfill({ response, json: body });
  });
  await page.goto('/catalogue', { waitUntil: 'networkidle' });
  const value = page.locator('.facets li').filter({ hasText: 'שמלה' });
  const [text, count] = await value.evaluate((item) =>
    [item.firstChild!, item.querySelector('small')!].map((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getBoundingClientRect().left;
    }),
  );
  expect(text).toBeLessThan(count);
  await page.context().close();
});

test.each([
  [
    'unchanged',
    { unchanged: { runId: 'x', verdict: { promoted: false, reason: 'Unchanged: as before.', checks: [] }, notes: [] } },
    ['reason', 'Unchanged: as before.'],
  ],
  [
    'stopped',
    { failure: { runId: 'x', error: 'RunStopped', cause: 'It ended.', reads: ['one.bin', 'two.bin'], writes: [] } },
    ['Why it stopped', 'one.bin', 'two.bin', 'RunStopped'],
  ],
])('a run that is %s says why in words', async (status, why, said) => {
  const page = await openPage(browser, server.url);
  await page.route('**/v1/runs/x*', (route) =>
    route.fulfill({
      json: {
        ...{ runId: 'x', status, request: null, manifest: null, failure: null, unchanged: null },
        ...{ stages: [], artifacts: [], ...why },
      },
    }),
  );
  await page.route('**/v1/runs/x/report', (route) => route.fulfill({ json: { runId: 'x', report: null } }));
  await page.goto('/runs/x', { waitUntil: 'networkidle' });
  const panel = page
    .locator('section')
    .filter({ has: page.getByText(said[0]) })
    .first();
  for (const text of said) expect(await panel.getByText(text, { exact: true }).count()).toBe(1);
  expect(await panel.innerText()).not.toMatch(/[[{]/);
  expect(await page.locator('.badge').innerText()).toBe(status);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('links stay with the run that a page looks at', async () => {
  const ready = inject('readyRun');
  const page = await open(`/map?run=${ready}&product=A5`);
  const explored = page.getByRole('link', { name: 'explore it' });
  expect(await explored.getAttribute('href')).toBe(`/explore?viewed=A5&beside=${ready}`);
  await page.getByRole('link', { name: 'cluster 7' }).click();
  await page.waitForURL(`**/clusters/7?run=${ready}`);
  await page.getByRole('link', { name: 'All clusters' }).click();
  await page.waitForURL(`**/clusters?run=${ready}`);
  await expect.poll(() => page.getByRole('rowheader', { name: 'Cluster 7' }).count()).toBe(1);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('session lengths begin with the shortest that there is', async () => {
  const page = await open('/data');
  const bars = page.getByRole('img', { name: /^Sessions by number of views/ });
  expect(await bars.getAttribute('aria-label')).toMatch(/views: 2 \d/);
  const { profile } = await getJson('/v1/runs/live/data');
  const views: number[] = profile.sessionLengths.map(({ views }: { views: number }) => views);
  expect(views[0]).toBe(1);
  expect(await page.getByText('Those of one view are left out').count()).toBe(1);
  await page.context().close();
});

test('two runs are compared on the sessions of the first where there are no newer ones', async () => {
  const [live, ready] = [inject('liveRun'), inject('readyRun')];
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  const { report } = await getJson(`/v1/runs/${live}/report`);
  const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
  const difference = { 'HR@20': estimate(-0.225), 'MRR@20': estimate(-0.1) };
  const reference = { runId: live, sessions: 900, positions: 2_937, knownShare: 1, difference };
  const evaluation = { ...report.evaluation, comparison: null, reference };
  await page.route(`**/v1/runs/${ready}/report`, (route) =>
    route.fulfill({ json: { runId: ready, report: { ...report, runId: ready, evaluation } } }),
  );
  await page.goto(`/runs/compare?a=${live}&b=${ready}`, { waitUntil: 'networkidle' });
  expect(await page.getByText('2,937 views that the first was measured on').count()).toBe(1);
  const last = (name: string) => page.getByRole('row', { name }).getByRole('cell').last().innerText();
  expect(await last('HR@20')).toMatch(/^−0.225\s+−0.235 to −0.215$/);
  expect(await last('HR@5')).toBe('–');
  await page.context().close();
});

test('what was asked in parts is not called held out', async () => {
  const page = await openPage(browser, server.url);
  await page.route('**/v1/model', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    Object.assign(body.report.evaluation.backtest, { folds: 5, sessions: { heldOut: 400, earlier: 320 } });
    await route.fulfill({ response, json: body });
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  const asked = 'Asked on 400 sessions in 5 parts; each was asked about after learning from the others.';
  expect(await page.getByText(asked).count()).toBe(1);
  expect(await page.getByText('held out').count()).toBe(0);
  await page.context().close();
});

test('a run takes the same time on every page', async () => {
  const live = inject('liveRun');
  const page = await open(`/runs/${live}`);
  const [took] = /^.*(?= from the first)/.exec(await page.getByText(/from the first stage's start/).innerText())!;
  await page.goto('/', { waitUntil: 'networkidle' });
  const line = page.getByRole('listitem').filter({ has: page.locator(`a[href="/runs/${live}"]`) });
  expect(await line.locator('.number').innerText()).toBe(took);
  expect(await line.locator('.timeline').getAttribute('aria-label')).toContain('publish');
  await page.context().close();
});

test('says of a rule that changes nothing that it does not', async () => {
  const page = await open('/explore?viewed=A3&strategy=blend');
  const columns = page.getByRole('region', { name: 'blend' });
  await page.getByText('Try a rule').click();
  const apply = page.locator('.rule').getByRole('button', { name: 'Apply' });
  await page.getByRole('textbox', { name: /^Rule/ }).fill('{"type": "exclude", "products": ["A3"]}');
  await apply.click();
  await columns.getByText('The rule changes nothing here').waitFor();
  // The examples are about what is listed: they do change it.
  const last = await columns.first().locator('.card-main .id').last().innerText();
  await page.getByRole('button', { name: 'pin' }).click();
  await apply.click();
  await expect.poll(() => columns.nth(1).locator('.card-main .id').first().innerText()).toBe(last);
  expect(await columns.getByText('changes nothing here').count()).toBe(0);
  expect(await columns.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))).toEqual([
    'blend, as it is',
    'blend, with the rule',
  ]);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('chance chooses one product, beside what is clicked meanwhile, and calls nobody back', async () => {
  const page = await open('/explore?viewed=A3&strategy=blend');
  let arrived = Promise.withResolvers<void>();
  await page.route('**/v1/products?limit=1000', async (route) => {
    await arrived.promise;
    await route.continue().catch(() => {});
  });
  const surprise = page.getByRole('button', { name: 'Surprise me' });
  await surprise.click();
  expect(await surprise.getAttribute('aria-disabled')).toBe('true');
  const card = page.getByRole('region', { name: 'blend' }).getByRole('button').first();
  const clicked = (await card.getAttribute('title'))!.replace('View ', '');
  await card.click();
  arrived.resolve();
  await expect.poll(() => new URL(page.url()).searchParams.getAll('viewed')).toHaveLength(3);
  expect(new URL(page.url()).searchParams.getAll('viewed').slice(0, 2)).toEqual(['A3', clicked]);

  arrived = Promise.withResolvers();
  await surprise.click();
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Runs');
  arrived.resolve();
  await page.waitForTimeout(300);
  expect(new URL(page.url()).pathname).toBe('/runs');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('in the list of matches the chosen one is in sight, and Escape closes it', async () => {
  const page = await open('/explore');
  const field = page.getByRole('combobox', { name: 'Find a product' });
  await field.focus();
  await page.keyboard.type('a');
  await expect.poll(() => found(page).getByRole('option').count()).toBe(12);
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => found(page).getByRole('option', { selected: true }).getAttribute('id')).toMatch(/-11$/);
  const [list, chosen] = await Promise.all([
    found(page).boundingBox(),
    found(page).getByRole('option', { selected: true }).boundingBox(),
  ]);
  expect(chosen!.y + chosen!.height).toBeLessThanOrEqual(list!.y + list!.height);
  await page.keyboard.press('Escape');
  await expect.poll(() => found(page).count()).toBe(0);
  expect(await field.inputValue()).toBe('a');
  await page.context().close();
});

test('the back button leads to where the reader was', async () => {
  const page = await open('/shop');
  await page.locator('.goods a').nth(20).scrollIntoViewIfNeeded();
  const position = await page.evaluate(() => scrollY);
  expect(position).toBeGreaterThan(100);
  await page.locator('.goods a').nth(20).click();
  await page.waitForURL('**/shop/products/*');
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await page.waitForURL('**/shop');
  // A visit by now has a shelf of its own above the others.
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(position);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('one of a thing is not many', async () => {
  const page = await open('/explore');
  await page.route('**/v1/products?limit=12**', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.items.forEach((item: { views: number }, i: number) => {
      item.views = i + 1;
    });
    await route.fulfill({ response, json: body });
  });
  await page.getByRole('combobox', { name: 'Find a product' }).focus();
  const views = found(page).getByRole('option').locator('small');
  await expect.poll(async () => (await views.allInnerTexts()).slice(0, 2)).toEqual(['1 view', '2 views']);
  await page.context().close();
});

import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';

/** What a person sees while the API is slow, broken, gone, or says something hostile. */
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

async function openWith(path: string, pattern: string, answer: (route: Route) => unknown): Promise<WatchedPage> {
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  await page.route(pattern, async (route) => void (await answer(route)));
  await page.goto(path);
  return page;
}

const problem = (status: number, title: string, detail: string) => (route: Route) =>
  route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ title, detail }) });

const PAGES = [
  '/',
  '/explore?viewed=A5',
  '/map?product=A5',
  '/clusters',
  '/clusters/0',
  '/data',
  '/runs',
  '/runs/live',
];

test.each(PAGES)('%s says that the API failed, and tries again on request', async (path) => {
  let isBroken = true;
  const page = await openWith(path, '**/v1/**', (route) =>
    isBroken ? problem(500, 'The server failed', 'The logs say why.')(route) : route.continue(),
  );
  await expect
    .poll(() => page.getByRole('alert').first().innerText())
    .toContain('The server failed. The logs say why.');
  isBroken = false;
  await expect
    .poll(async () => {
      // Each that is answered takes its button away.
      const button = page.getByRole('button', { name: 'Try again' }).first();
      if ((await button.count()) > 0) await button.click({ timeout: 1_000 }).catch(() => {});
      return page.getByRole('alert').count();
    })
    .toBe(0);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test.each(PAGES)('%s says that the server is gone', async (path) => {
  const page = await openWith(path, '**/v1/**', (route) => route.abort());
  await expect.poll(() => page.getByRole('alert').first().innerText()).toContain('The server cannot be reached');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test.each(PAGES)('%s says that it waits for a slow API', async (path) => {
  const page = await openWith(path, '**/v1/**', () => new Promise(() => {}));
  await expect.poll(() => page.getByRole('status').first().innerText(), { timeout: 10_000 }).toContain('still waiting');
  await page.context().close();
});

test('without a model the overview says how to train one', async () => {
  const page = await openWith('/', '**/v1/model', problem(503, 'No model is live', 'Train one.'));
  await expect.poll(() => page.getByText('No model is live yet.').count()).toBe(1);
  expect(await page.getByText('npm run train').count()).toBe(1);
  await page.context().close();
});

test.each([
  {
    what: 'a product of the shop',
    path: '/shop/products/A5',
    next: (page: WatchedPage) => page.getByRole('region', { name: 'Similar products' }).getByRole('link'),
    shown: (page: WatchedPage) => page.getByRole('heading', { level: 1 }),
    expected: (id: string) => id,
  },
  {
    what: 'the neighbours on the map',
    path: '/map?product=A5',
    next: (page: WatchedPage) => page.getByRole('table').getByRole('button'),
    shown: (page: WatchedPage) => page.getByText(/^Of /),
    expected: () => 'Of A5 · explore it',
  },
])('what cannot be read is not shown as what was read before: $what', async ({ path, next, shown, expected }) => {
  let isBroken = false;
  const page = await openWith(path, '**/v1/products/**', (route) =>
    isBroken ? problem(500, 'The server failed', 'The logs say why.')(route) : route.continue(),
  );
  await expect.poll(() => next(page).count()).toBeGreaterThan(0);
  isBroken = true;
  await next(page).first().click();
  await expect.poll(() => page.getByRole('alert').count()).toBeGreaterThan(0);
  const id = decodeURIComponent(/(?:product=|products\/)(.+)$/.exec(page.url())![1]);
  expect(id).not.toBe('A5');
  await expect.poll(() => shown(page).innerText()).toBe(expected(id));
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a colouring that cannot be read says so, and leaves no colours of the one before', async () => {
  let isBroken = false;
  const page = await openWith('/map?colour=category', '**/v1/products?**', (route) =>
    isBroken ? problem(500, 'The server failed', 'The logs say why.')(route) : route.continue(),
  );
  const legend = page.getByRole('list').filter({ hasText: 'cluster 0' });
  const ofCatalogue = page.locator('ul.legend').filter({ hasNotText: 'cluster 0' });
  await expect.poll(() => ofCatalogue.count()).toBe(1);
  isBroken = true;
  await page.getByRole('radio', { name: 'price' }).check();
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('The server failed. The logs say why.');
  expect(await legend.count()).toBe(1);
  isBroken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => legend.count()).toBe(0);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('ids are text, whatever they hold', async () => {
  const hostile = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
  const page = await openWith('/explore?viewed=A5', '**/v1/recommendations', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.items[0].productId = hostile;
    await route.fulfill({ response, json: body });
  });
  await expect.poll(() => page.getByText(hostile).first().innerText()).toBe(hostile);
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await page.goto(`/explore?viewed=${encodeURIComponent(hostile)}`);
  await expect.poll(() => page.getByText(hostile).first().innerText()).toBe(hostile);
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  expect(page.faults).toEqual([]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
});

test('what fails while somebody tries to leave is told all the same', async () => {
  const answered = Promise.withResolvers<void>();
  const page = await openWith('/runs', '**/console/promote', async (route) => {
    await answered.promise;
    await problem(500, 'The server failed', 'The disk is full.')(route);
  });
  await page
    .getByRole('row')
    .filter({ hasText: inject('readyRun') })
    .getByRole('button')
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Promote' }).click();
  expect(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  answered.resolve();
  await expect.poll(() => dialog.getByRole('alert').innerText()).toContain('The disk is full.');
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('how many clusters were tried is not said while nobody knows', async () => {
  let isBroken = true;
  const page = await openWith('/clusters', '**/console/artifacts/**', (route) =>
    isBroken ? problem(500, 'The server failed', 'The logs say why.')(route) : route.continue(),
  );
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('The server failed. The logs say why.');
  expect(await page.getByText('was given, not chosen').count()).toBe(0);
  isBroken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a page whose code cannot be loaded says so, and is loaded once the server is back', async () => {
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.context().setOffline(true);
  for (const name of ['Clusters', 'Runs']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.waitForURL(`**/${name.toLowerCase()}`);
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('The server cannot be reached');
  }
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Runs');
  await page.getByRole('link', { name: 'Clusters', exact: true }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Clusters');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a page that fails while it is drawn says so, and the others are there', async () => {
  const page = await openWith('/clusters', '**/v1/clusters', (route) => route.fulfill({ json: { items: [null] } }));
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('This page failed');
  expect(page.faults).toHaveLength(1);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Runs');
  await page.context().close();
});

test.each(['/shop/products/50%', '/clusters/5%', '/shop/products/%E0%A4%A'])('%s is no page', async (path) => {
  const page = await openPage(browser, server.url);
  await page.goto(path);
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('There is no such page');
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('a first call that failed is made again before anything is said of the catalogue', async () => {
  let failures = 0;
  const page = await openWith('/explore', '**/v1/products?limit=1', (route) =>
    failures++ === 0 ? problem(503, 'The server failed', 'The logs say why.')(route) : route.continue(),
  );
  await page.getByRole('textbox', { name: 'Filter' }).waitFor();
  expect(failures).toBeGreaterThan(1);
  await page.context().close();
});

test('a first call that failed is made again before anything is said of what the console may do', async () => {
  let failures = 0;
  const asked = Promise.withResolvers<void>();
  const page = await openWith('/runs', '**/console/session', async (route) => {
    if (failures++ === 0) return route.abort();
    await asked.promise;
    return route.continue();
  });
  await expect.poll(() => page.getByRole('row').count()).toBe(3);
  expect(await page.getByText('may only look').count()).toBe(0);
  asked.resolve();
  await page
    .getByRole('button', { name: /Promote|Roll back/ })
    .first()
    .waitFor();
  await page.context().close();
});

test('another catalogue that goes live is noticed by what answers say', async () => {
  let reads = 0;
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  await page.route('**/v1/catalogue?**', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    // The first is older, and has one field more than the API knows by now.
    if (reads++ === 0) return route.fulfill({ response, json: { ...body, catalogueVersion: 'older' } });
    const fields = body.fields.filter(({ name }: { name: string }) => name !== 'image_link');
    await route.fulfill({ response, json: { ...body, fields } });
  });
  await page.route(/fields=image_link/, problem(400, 'The request is not valid', '"fields": found "image_link".'));
  await page.goto('/shop');
  await expect.poll(() => page.getByRole('region', { name: 'Popular' }).innerText()).toContain('USD');
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  expect(reads).toBe(2);
  await page.context().close();
});

test('a rule that could not be asked about is asked about again', async () => {
  let isBroken = true;
  const rule = encodeURIComponent('{"type": "exclude", "products": ["C6"]}');
  const page = await openWith(`/explore?viewed=C5&strategy=blend&rule=${rule}`, '**/console/drafts/**', (route) =>
    isBroken ? route.abort() : route.continue(),
  );
  await page.getByRole('alert').waitFor();
  isBroken = false;
  await page.locator('.rule').getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => page.getByRole('region', { name: 'blend' }).count()).toBe(2);
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.context().close();
});

test('titles without an end, and without a space, leave each card its place', async () => {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 800 } });
  const titles = ['W'.repeat(60), 'a word and '.repeat(500)];
  const rename = async (route: Route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.items.forEach((item: { fields: object }, i: number) => {
      item.fields = { ...item.fields, title: titles[i % 2] };
    });
    await route.fulfill({ response, json: body });
  };
  await page.route('**/v1/recommendations', rename);
  await page.route('**/v1/products?limit=24&**', rename);
  for (const [path, item] of [
    ['/explore?viewed=A5', '.card'],
    ['/shop', '.goods li'],
  ]) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await page.locator(item).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
    const boxes = await page.locator(item).evaluateAll((items) =>
      items.map((each) => {
        const { clientWidth, scrollWidth, clientHeight } = each as HTMLElement;
        const list = each.parentElement!.parentElement!;
        return { isInside: scrollWidth <= clientWidth && clientWidth <= list.clientWidth, clientHeight };
      }),
    );
    expect(boxes.every(({ isInside }) => isInside)).toBe(true);
    expect(Math.max(...boxes.map(({ clientHeight }) => clientHeight))).toBeLessThan(400);
  }
  expect(page.faults).toEqual([]);
  await page.context().close();
});

async function openCart(cart: string[], pattern: string, answer: (route: Route) => unknown): Promise<WatchedPage> {
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  await page.addInitScript(
    (text) => {
      sessionStorage.setItem('alike-demo-shop', text);
    },
    JSON.stringify({ viewed: [], cart }),
  );
  await page.route(pattern, async (route) => void (await answer(route)));
  await page.goto('/shop/cart');
  return page;
}

const linesOf = (page: WatchedPage) => page.getByRole('listitem').filter({ hasText: 'Remove' });

test('a cart is emptied whatever is known of what lies in it, and while the API is away', async () => {
  let isBroken = false;
  const page = await openCart(['A3', 'A4', 'NO-SUCH'], '**/v1/products/**', (route) =>
    isBroken ? route.abort() : route.continue(),
  );
  await expect.poll(() => linesOf(page).first().innerText()).toContain('USD');
  expect(await page.getByRole('alert').count()).toBe(0);
  isBroken = true;
  for (const id of ['NO-SUCH', 'A3', 'A4']) {
    const count = await linesOf(page).count();
    await linesOf(page)
      .nth(id === 'NO-SUCH' ? 2 : 0)
      .getByRole('button', { name: 'Remove' })
      .click();
    await expect.poll(() => linesOf(page).count()).toBe(count - 1);
  }
  await page.getByText('The cart is empty.').waitFor();
  expect(page.faults).toEqual([]);
  await page.context().close();
});

test('what costs different currencies is not added up', async () => {
  const page = await openCart(['A3', 'A4', 'A5'], '**/v1/products/**', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const currency = body.productId === 'A4' ? 'JPY' : 'USD';
    await route.fulfill({ response, json: { ...body, fields: { price: 10, currency } } });
  });
  await expect.poll(() => page.getByText(/^Together/).innerText()).toBe('Together 20.00 USD + 10.00 JPY');
  await page.context().close();
});

test('the shop sells nothing that it cannot read, and shows no shelf of the product before', async () => {
  const page = await openPage(browser, server.url, {}, { expectsFailures: true });
  await page.goto('/shop/products/A5', { waitUntil: 'networkidle' });
  const arrived = Promise.withResolvers<void>();
  await page.route('**/v1/products/**', async (route) => {
    await arrived.promise;
    await route.continue();
  });
  const similar = page.getByRole('region', { name: 'Similar products' });
  await similar.getByRole('link').first().click();
  await page.waitForURL(/products\/(?!A5)/);
  await expect.poll(() => similar.getByRole('status').count()).toBe(1);
  expect(await similar.getByRole('link').count()).toBe(0);
  expect(await page.getByText('no catalogue says its price').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Put it into the cart' }).isDisabled()).toBe(true);
  arrived.resolve();
  await expect.poll(() => similar.getByRole('link').count()).toBe(6);
  expect(await page.getByRole('button', { name: 'Put it into the cart' }).isDisabled()).toBe(false);
  await page.goto('/shop/products/NO-SUCH', { waitUntil: 'networkidle' });
  expect(await page.getByRole('button', { name: 'Put it into the cart' }).isDisabled()).toBe(true);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';

/** Prints what a person would feel. Times depend on the machine, so only bytes are held to a bound. */
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

const MOST_INITIAL_BYTES = 150_000;

test.each(['/', '/explore?viewed=A5', '/shop'])('%s is light and quick', async (path) => {
  const page = await openPage(browser, server.url);
  await page.goto(path, { waitUntil: 'networkidle' });
  const { bytes, files, paintMs } = await page.evaluate(() => {
    const own = performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/assets\//.test(name)) as PerformanceResourceTiming[];
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return {
      bytes: own.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, page.encodedBodySize),
      files: own.length + 1,
      paintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    };
  });
  console.log(
    `${path}: ${(bytes / 1000).toFixed(1)} kB compressed in ${files} files, first contentful paint after ${paintMs.toFixed(0)} ms`,
  );
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_INITIAL_BYTES);
  await page.context().close();
});

test('a click is answered by the next paint', async () => {
  const page = await openPage(browser, server.url);
  await page.goto('/explore?viewed=A5', { waitUntil: 'networkidle' });
  await page.evaluate(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { delays });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.entryType === 'event') delays.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  for (const name of ['markov', 'sequential-rules', 'embedding']) {
    await page.getByRole('checkbox', { name, exact: true }).click();
    await page.waitForLoadState('networkidle');
  }
  await page.getByRole('region', { name: 'blend' }).getByRole('button').first().click();
  await page.waitForTimeout(500);
  const delays = await page.evaluate(() => (globalThis as unknown as { delays: number[] }).delays);
  console.log(`/explore: longest delay from an interaction to the next paint ${Math.max(0, ...delays).toFixed(0)} ms`);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

const POINTS = 200_000;
const PAGE = 20_000;
const CLUSTERS = 200;

test('the map pans over 200,000 products', async () => {
  const page = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
  await page.route('**/v1/map*', (route) => {
    const start = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const numbers = Array.from({ length: PAGE }, (_, i) => start + i);
    // A spiral of clusters, each a disc: enough overlap to be honest about the cost of drawing.
    const place = (n: number, axis: 0 | 1) => {
      const turn = (wave: number) => (axis === 0 ? Math.cos(wave) : Math.sin(wave));
      const cluster = n % CLUSTERS;
      return Math.round(
        42 * cluster * turn(cluster * 0.6) + 900 * Math.sqrt((n * 0.6180339887) % 1) * turn(n * 2.39996),
      );
    };
    return route.fulfill({
      json: {
        modelVersion: 'made-up',
        pointCount: POINTS,
        explainedVariance: [0.3, 0.2],
        productIds: numbers.map((n) => `P${n}`),
        x: numbers.map((n) => place(n, 0)),
        y: numbers.map((n) => place(n, 1)),
        clusterNos: numbers.map((n) => n % CLUSTERS),
        views: numbers.map((n) => Math.ceil(POINTS / (n + 1))),
        nextCursor: start + PAGE < POINTS ? String(start + PAGE) : null,
      },
    });
  });
  await page.goto('/map');
  const canvas = page.getByRole('application');
  await canvas.waitFor({ timeout: 30_000 });
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const counted = page.evaluate(
    (forMs) =>
      new Promise<number>((resolve) => {
        let frames = 0;
        const start = performance.now();
        const count = () => {
          frames++;
          const elapsed = performance.now() - start;
          if (elapsed < forMs) requestAnimationFrame(count);
          else resolve((1000 * frames) / elapsed);
        };
        requestAnimationFrame(count);
      }),
    3_000,
  );
  await page.mouse.move(x, y);
  await page.mouse.down();
  let isDone = false;
  void counted.finally(() => {
    isDone = true;
  });
  for (let step = 0; !isDone && step < 2_000; step++) {
    await page.mouse.move(x + 150 * Math.sin(step / 20), y + 80 * Math.cos(step / 20));
  }
  await page.mouse.up();
  console.log(
    `/map: ${(await counted).toFixed(0)} frames a second while panning over ${POINTS.toLocaleString('en')} products, drawn without a graphics card`,
  );
  await page.mouse.move(x, y);
  expect(page.faults).toEqual([]);
  await page.context().close();
}, 120_000);

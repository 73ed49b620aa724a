import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { serveScript } from '../support/serve-script.ts';
import { accessibilityFaults, launchBrowser, layoutShift, openPage } from './support/browser.ts';

/** Every page, at the widths of a telephone and of a desk, light and dark. */
const PAGES: readonly [path: string, heading: string | RegExp][] = [
  ['/', 'Overview'],
  ['/explore', 'Explore'],
  ['/explore?viewed=A5&viewed=A7', 'Explore'],
  ['/map?product=A5', 'Map'],
  ['/clusters', 'Clusters'],
  ['/clusters/0', 'Cluster 0'],
  ['/data', 'Data'],
  ['/runs', 'Runs'],
  [`/runs/${inject('liveRun')}`, /^Run of /],
  ['/catalogue', 'Catalogue and rules'],
  ['/shop', 'Welcome'],
  ['/shop/products/A5', /, black$/],
  ['/shop/cart', 'Cart'],
  [`/runs/compare?a=live&b=${inject('readyRun')}`, 'Compare runs'],
];
const VIEWS = [
  { name: '1280 px, light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const },
  { name: '360 px, light', viewport: { width: 360, height: 740 }, colorScheme: 'light' as const },
  { name: '1280 px, dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const },
];

let browser: Browser;
let server: Awaited<ReturnType<typeof serveScript>>;
beforeAll(async () => {
  server = await serveScript(inject('workspace'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe.each(VIEWS)('$name', ({ viewport, colorScheme }) => {
  test.each(PAGES)('%s', async (path, heading) => {
    const page = await openPage(browser, server.url, { viewport, colorScheme });
    await page.goto(path, { waitUntil: 'networkidle' });
    const shown = await page.getByRole('heading', { level: 1 }).innerText();
    expect(shown).toMatch(heading);
    expect(await page.title()).toBe(`${shown} · ${path.startsWith('/shop') ? 'Demo shop' : 'Alike'}`);
    expect(page.faults).toEqual([]);
    const { sum, worst } = await layoutShift(page);
    expect(sum, `layout shift, last of ${worst}`).toBeLessThan(0.1);
    const widest = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(widest, 'the page is wider than the screen').toBeLessThanOrEqual(viewport.width);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.context().close();
  });
});

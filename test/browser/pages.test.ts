import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ESHOP_FILE_MISSING } from '../../scripts/data/eshop-file.ts';
import { accessibilityFaults, launchBrowser, layoutShift, openPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';

interface Shop {
  name: string;
  workspace: string;
  liveRun: string;
  readyRun: string;
}

const SAMPLE_SHOP: Shop = {
  name: 'the sample shop',
  workspace: inject('workspace'),
  liveRun: inject('liveRun'),
  readyRun: inject('readyRun'),
};
const eshop = inject('eshop');
const SHOPS: Shop[] = eshop === undefined ? [SAMPLE_SHOP] : [SAMPLE_SHOP, { name: 'the e-shop data set', ...eshop }];

/** Every page, at the widths of a telephone and of a desk, light and dark. */
const pagesOf = ({ liveRun, readyRun }: Shop): [path: string, heading: string | RegExp][] => [
  ['/', 'Overview'],
  ['/explore', 'Explore'],
  ['/explore?viewed=A5&viewed=A7', 'Explore'],
  ['/explore?viewed=A5&rule={"type":"exclude","products":["A7"]}', 'Explore'],
  ['/map?product=A5', 'Map'],
  ['/clusters', 'Clusters'],
  ['/clusters/0', 'Cluster 0'],
  ['/data', 'Data'],
  ['/runs', 'Runs'],
  [`/runs/${liveRun}`, /^Run of /],
  ['/catalogue', 'Catalogue and rules'],
  ['/shop', 'Welcome'],
  ['/shop/products/A5', /, black$|A5/],
  ['/shop/cart', 'Cart'],
  [`/runs/compare?a=live&b=${readyRun}`, 'Compare runs'],
];
const VIEWS = [
  { name: '1280 px, light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const },
  { name: '360 px, light', viewport: { width: 360, height: 740 }, colorScheme: 'light' as const },
  { name: '1280 px, dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

if (eshop === undefined) test('the e-shop data set', ({ skip }) => skip(ESHOP_FILE_MISSING));

describe.each(SHOPS)('$name', (shop) => {
  let server: Awaited<ReturnType<typeof serveShop>>;
  beforeAll(async () => {
    server = await serveShop(shop.workspace);
  });
  afterAll(() => server?.stop());

  describe.each(VIEWS)('$name', ({ viewport, colorScheme }) => {
    test.each(pagesOf(shop))('%s', async (path, heading) => {
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
});

import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export function launchBrowser(): Promise<Browser> {
  const executablePath = CHROMIUMS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(`test:browser needs Chromium; found none of ${CHROMIUMS.join(', ')}: apt-get install chromium.`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface WatchedPage extends Page {
  /** What a person would find wrong in the browser's own tools: console errors, exceptions, requests elsewhere. */
  faults: string[];
}

/** @param expectsFailures of calls, which the browser logs by itself: a test that breaks the API on purpose. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  { expectsFailures = false } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  const page = Object.assign(await context.newPage(), { faults: [] as string[] });
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (expectsFailures && message.text().startsWith('Failed to load resource')) return;
    // Chromium's own remark on drawing without a graphics card.
    if (/GL Driver Message/.test(message.text())) return;
    page.faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
      page.faults.push(`request elsewhere: ${request.url()}`);
    }
  });
  await page.addInitScript(watchLayoutShifts);
  return page;
}

/** Runs in the page. */
function watchLayoutShifts(): void {
  const shifts = { sum: 0, worst: '' };
  Object.assign(globalThis, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node?: { nodeName: string; className: string } }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      shifts.sum += entry.value;
      shifts.worst = entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`).join(' ');
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Sum of all layout shifts since the page was loaded that no click or key caused. */
export function layoutShift(page: Page): Promise<{ sum: number; worst: string }> {
  return page.evaluate(() => (globalThis as unknown as { shifts: { sum: number; worst: string } }).shifts);
}

/** @returns serious and critical findings of axe-core, a line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; impact: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations } = await inPage.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} (${nodes.length} times, first ${nodes[0].html.slice(0, 200)}) ${nodes[0].failureSummary}`,
      );
  });
}

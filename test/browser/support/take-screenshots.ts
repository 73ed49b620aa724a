import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from './browser.ts';

/**
 * Writes the pictures of docs/console.md, of a console that is served:
 *
 *     node test/browser/support/take-screenshots.ts http://127.0.0.1:3000
 */
const FOLDER = join(import.meta.dirname, '../../../docs/screenshots');
const PICTURES: readonly [name: string, path: string, height: number][] = [
  ['overview', '/', 900],
  ['explore', '/explore?viewed=A5&viewed=A7', 900],
  ['map', '/map?product=A5', 800],
  ['clusters', '/clusters', 800],
  ['data', '/data', 900],
  ['runs', '/runs', 500],
  ['catalogue', '/catalogue', 700],
  ['shop', '/shop/products/A5', 900],
];
const WIDTH = 1200;

const [origin] = process.argv.slice(2);
if (origin === undefined) throw new Error('Give the address of a console, such as http://127.0.0.1:3000.');
const browser = await launchBrowser();
for (const [name, path, height] of PICTURES) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height } });
  await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' });
  await page.waitForTimeout(500);
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 60 });
  const bytes = Buffer.from(data, 'base64');
  await writeFile(join(FOLDER, `${name}.webp`), bytes);
  console.log(`${name}.webp: ${(bytes.length / 1000).toFixed(1)} kB`);
  await page.close();
}
await browser.close();
